import type { AnalyzerManifest } from '../../analyzers/manifest/analyzer-manifest.js';

/** A file that was received into the incoming directory, under its own name. */
export interface IncomingFile {
  readonly name: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** A model that was received whole. Whoever gets it adopts its directory or removes it. */
export interface IncomingModel {
  readonly manifest: AnalyzerManifest;
  readonly directory: string;
  readonly files: readonly IncomingFile[];
}
