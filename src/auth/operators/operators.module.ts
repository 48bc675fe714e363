import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials.module.js';
import { SecondFactorModule } from '../second-factor/second-factor.module.js';
import { OperatorAdministration } from './operator-administration.js';
import { OperatorListRepository } from './operator-list.repository.js';
import { OperatorsController } from './operators.controller.js';

/** Operators managing operators over HTTP. */
@Module({
  imports: [CredentialsModule, SecondFactorModule],
  controllers: [OperatorsController],
  providers: [OperatorAdministration, OperatorListRepository],
})
export class OperatorsModule {}
