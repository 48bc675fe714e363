import { Module } from '@nestjs/common';
import { ModelFileSweep } from './model-file-sweep.js';
import { ModelFiles } from './model-files.js';

/** Housekeeping of the files of models. */
@Module({ providers: [ModelFiles, ModelFileSweep], exports: [ModelFileSweep] })
export class ModelFileSweepModule {}
