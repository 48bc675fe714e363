import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { IsolatedProcess } from '../engine/isolated-process.js';
import type { ArtifactFiles, InspectionOperations, InspectionVerdict } from './inspection-operations.js';

/** Five million fields take about 2 s; the rest is for a slow disk. */
const LIMIT_MS = 30_000;
// Node maps about 1.5 GB by itself; a model file has at most 512 MB.
const ADDRESS_SPACE_BYTES = 3_500_000_000;

/**
 * Judges the files of an artifact in a process of its own that ends afterwards.
 * Throws ProcessEndedError or RequestRefusedError when the process failed, which says nothing about the files.
 */
export async function inspectInProcess(artifact: ArtifactFiles): Promise<InspectionVerdict> {
  const inspector = await IsolatedProcess.start<InspectionOperations>({
    title: 'maru inspector',
    entry: new URL('./inspect-child.js', import.meta.url),
    workingDirectory: fs.mkdtempSync(path.join(os.tmpdir(), 'maru-inspector-')),
    environment: {},
    addressSpaceBytes: ADDRESS_SPACE_BYTES,
    isBackground: true,
  });
  try {
    return await inspector.ask('inspect', artifact, LIMIT_MS);
  } finally {
    await inspector.stop();
  }
}
