import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials.module.js';
import { SecondFactorModule } from '../second-factor/second-factor.module.js';
import { OperatorAdministration } from './operator-administration.js';
import { OperatorListRepository } from './operator-list.repository.js';

/** Managing operators, without HTTP. */
@Module({
  imports: [CredentialsModule, SecondFactorModule],
  providers: [OperatorAdministration, OperatorListRepository],
  exports: [OperatorAdministration],
})
export class OperatorsModule {}
