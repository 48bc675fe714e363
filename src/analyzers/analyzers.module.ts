import { Module } from '@nestjs/common';
import { ANALYZERS, AnalyzerRegistry } from './analyzer-registry.js';
import type { Analyzer } from './analyzer.js';
import { DigitReaderAnalyzer } from './digit-reader/digit-reader.analyzer.js';
import { ManifestAnalyzers } from './manifest/manifest-analyzers.js';
import { MeterReaderAnalyzer } from './meter-reader/meter-reader.analyzer.js';
import { SignalAnomalyAnalyzer } from './signal-anomaly/signal-anomaly.analyzer.js';
import { SurfaceInspectionAnalyzer } from './surface-inspection/surface-inspection.analyzer.js';

const BUILT_IN = [SurfaceInspectionAnalyzer, DigitReaderAnalyzer, SignalAnomalyAnalyzer, MeterReaderAnalyzer];

/** The built-in analyzers and the registry that finds them by slug. To add one, list its class in BUILT_IN. */
@Module({
  providers: [
    ...BUILT_IN,
    { provide: ANALYZERS, useFactory: (...analyzers: Analyzer[]) => analyzers, inject: BUILT_IN },
    AnalyzerRegistry,
    ManifestAnalyzers,
  ],
  exports: [AnalyzerRegistry, ManifestAnalyzers],
})
export class AnalyzersModule {}
