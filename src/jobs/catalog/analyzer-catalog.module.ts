import { Module } from '@nestjs/common';
import { AnalyzersModule } from '../../analyzers/analyzers.module.js';
import { StorageConfig } from '../../config/config.js';
import { ModelStore } from '../../inference/models/model-catalog.js';
import { ShippedModels } from '../../inference/models/shipped-models.js';
import { AnalyzerCatalog } from './analyzer-catalog.js';
import { TenantAnalyzers } from './tenant-analyzers.js';

/** The analyzers as tenants see them. Reads the manifests of the models; never loads one. */
@Module({
  imports: [AnalyzersModule],
  providers: [
    TenantAnalyzers,
    AnalyzerCatalog,
    { provide: ModelStore, inject: [StorageConfig], useFactory: (c: StorageConfig) => new ShippedModels(c.modelsDir) },
  ],
  exports: [TenantAnalyzers, AnalyzerCatalog, AnalyzersModule],
})
export class AnalyzerCatalogModule {}
