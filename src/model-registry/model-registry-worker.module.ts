import { Module } from '@nestjs/common';
import { InferenceModule } from '../inference/inference.module.js';
import { Quarantine } from '../inference/admission/quarantine.js';
import { quarantineRuntimes } from '../inference/admission/quarantine-runtime.js';
import { AdmissionDuty, AdmissionTimes } from './admission/admission-duty.js';
import { AdmissionRepository } from './admission/admission.repository.js';
import { ModelAdmission } from './admission/model-admission.js';
import { ModelFiles } from './model-files.js';
import { ModelFeed } from './serving/model-feed.js';
import { ServingRepository } from './serving/serving.repository.js';

/** The worker's half of the model registry: admissions, and what this worker serves. */
@Module({
  imports: [InferenceModule],
  providers: [
    { provide: Quarantine, useFactory: () => new Quarantine(quarantineRuntimes) },
    AdmissionDuty,
    AdmissionRepository,
    AdmissionTimes,
    ModelAdmission,
    ModelFeed,
    ModelFiles,
    ServingRepository,
  ],
})
export class ModelRegistryWorkerModule {}
