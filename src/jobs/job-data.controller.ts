import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Tenant, type TenantContext } from '../auth/tenant-context.js';
import { PublicIdPipe } from '../http/public-id.pipe.js';
import { ApiEraseJobData } from './dto/job-data.api.js';
import { JobErasure } from './retention/job-erasure.js';

/** Erasing what a job was given and gave. */
@ApiTags('Jobs')
@Controller('v1/jobs')
export class JobDataController {
  constructor(private readonly erasure: JobErasure) {}

  @Delete(':id/data')
  @HttpCode(204)
  @Authenticated({ scope: 'jobs:write' })
  @ApiEraseJobData()
  erase(@Tenant() context: TenantContext, @Param('id', new PublicIdPipe('job')) jobId: string): Promise<void> {
    return this.erasure.erase(context, jobId);
  }
}
