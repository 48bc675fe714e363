import { Module } from '@nestjs/common';
import { Clock, SystemClock } from '../../common/clock.js';
import { TenantsModule } from '../../tenants/tenants.module.js';
import { CredentialsModule } from '../credentials.module.js';
import { MySecondFactor } from './my-second-factor.js';
import { SecondFactorsRepository } from './second-factors.repository.js';
import { SecondFactors } from './second-factors.service.js';

/** Authenticator apps and recovery codes, without HTTP. */
@Module({
  imports: [CredentialsModule, TenantsModule],
  providers: [{ provide: Clock, useClass: SystemClock }, MySecondFactor, SecondFactors, SecondFactorsRepository],
  exports: [MySecondFactor, SecondFactors, SecondFactorsRepository],
})
export class SecondFactorModule {}
