import { type DynamicModule, Module } from '@nestjs/common';
import { TenantRemoval } from './admin/removal/tenant-removal.js';
import { TenantRemovalModule } from './admin/removal/tenant-removal.module.js';
import { AuditSealingModule } from './audit/audit-sealing.module.js';
import { SessionCleaner } from './auth/sessions/session-cleaner.js';
import { SessionCleanerModule } from './auth/sessions/session-cleaner.module.js';
import { SigningKeyRotation } from './auth/signing-key-rotation.js';
import { SigningKeysModule } from './auth/signing-keys.module.js';
import { ConfigModule } from './config/config.module.js';
import type { MaruConfig } from './config/config.js';
import { DatabaseCareModule } from './database/care/database-care.module.js';
import { PartitionKeeper } from './database/care/partition-keeper.js';
import { DatabaseModule } from './database/database.module.js';
import { GpuSchedulerModule } from './gpu-scheduler/gpu-scheduler.module.js';
import { InferenceModule } from './inference/inference.module.js';
import { CHANNEL } from './jobs/job-channels.js';
import { JobsWorkerModule } from './jobs/jobs-worker.module.js';
import { JobRetention } from './jobs/retention/job-retention.js';
import { JobRetentionModule } from './jobs/retention/job-retention.module.js';
import { JobStageRecorder } from './jobs/stages/job-stage-recorder.js';
import { StoredCoreState } from './jobs/stages/stored-core-state.js';
import { JobStagesModule } from './jobs/stages/job-stages.module.js';
import { ModelFileSweep } from './model-registry/model-file-sweep.js';
import { ModelFileSweepModule } from './model-registry/model-file-sweep.module.js';
import { ModelRegistryWorkerModule } from './model-registry/model-registry-worker.module.js';
import { UsageRollupModule } from './usage/usage-rollup.module.js';
import { SideWorkModule } from './side-work/side-work.module.js';
import { UploadExpiry } from './uploads/upload-expiry.js';
import { UploadExpiryModule } from './uploads/upload-expiry.module.js';

/** Composition root of the worker: the only place that binds the scheduler's port to the jobs room. */
@Module({})
export class WorkerModule {
  static forRoot(config: MaruConfig): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ConfigModule.forRoot(config),
        DatabaseModule.forRoot({ appConnections: 2 }),
        GpuSchedulerModule.forRoot({
          imports: [JobStagesModule, InferenceModule],
          stageRecorder: JobStageRecorder,
          stateStore: StoredCoreState,
          settings: { deviceMemoryBytes: config.inference.deviceMemoryBytes ?? null },
        }),
        JobsWorkerModule,
        ModelRegistryWorkerModule,
        DatabaseCareModule,
        AuditSealingModule,
        UsageRollupModule,
        SideWorkModule.forRoot({
          imports: [
            ...[JobRetentionModule, TenantRemovalModule],
            ...[SessionCleanerModule, SigningKeysModule, ModelFileSweepModule, UploadExpiryModule],
          ],
          chores: [
            ...[PartitionKeeper, JobRetention, TenantRemoval],
            ...[SessionCleaner, SigningKeyRotation, ModelFileSweep, UploadExpiry],
          ],
          newsChannel: CHANNEL.fed,
        }),
      ],
    };
  }
}
