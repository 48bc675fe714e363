import { Injectable } from '@nestjs/common';
import type { FieldError } from '../../common/domain-error.js';
import type { Analyzer } from '../analyzer.js';
import { JsonSchemaValidator } from '../json-schema-validator.js';
import type { AnalyzerManifest } from './analyzer-manifest.js';
import { ImageClassifierAnalyzer } from './image-classifier.analyzer.js';
import { ImageDetectorAnalyzer } from './image-detector.analyzer.js';
import { TensorAnalyzer } from './tensor.analyzer.js';
import { TimeseriesAnalyzer } from './timeseries.analyzer.js';

/** An analyzer that was made of a manifest, with the checker of its inputs. */
interface Made {
  readonly analyzer: Analyzer;
  validator: JsonSchemaValidator | null;
}

/** Each holds a manifest of some kilobytes and, once it was asked for, a compiled schema. */
const MAX_REMEMBERED = 500;

/** Analyzers made of manifests instead of code, one per model version; the versions are immutable, so they are kept. */
@Injectable()
export class ManifestAnalyzers {
  private readonly made = new Map<string, Made>();

  /** @param modelId uuid of the model version that the manifest belongs to */
  of(modelId: string, manifest: AnalyzerManifest): Analyzer {
    return this.get(modelId, manifest).analyzer;
  }

  /** Faults of a job's input, pointers relative to the input object. */
  faultsOf(modelId: string, manifest: AnalyzerManifest, input: unknown): FieldError[] {
    const made = this.get(modelId, manifest);
    made.validator ??= new JsonSchemaValidator(made.analyzer.definition.inputSchema);
    return made.validator.faultsOf(input);
  }

  private get(modelId: string, manifest: AnalyzerManifest): Made {
    const known = this.made.get(modelId);
    if (known) return known;
    const made: Made = { analyzer: analyzerOf(manifest), validator: null };
    this.made.set(modelId, made);
    if (this.made.size > MAX_REMEMBERED) this.forgetOldest();
    return made;
  }

  private forgetOldest(): void {
    const [id, oldest] = this.made.entries().next().value ?? [];
    if (id === undefined) return;
    this.made.delete(id);
    oldest?.validator?.dispose();
  }
}

function analyzerOf(manifest: AnalyzerManifest): Analyzer {
  switch (manifest.kind) {
    case 'image-classifier':
      return new ImageClassifierAnalyzer(manifest);
    case 'image-detector':
      return new ImageDetectorAnalyzer(manifest);
    case 'tensor':
      return new TensorAnalyzer(manifest);
    case 'timeseries':
      return new TimeseriesAnalyzer(manifest);
  }
}
