import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { modelPath } from './slugs.mjs';

/** The files that ship with a model. */
export const ARTEFACTS = ['model.onnx', 'tfjs/model.json', 'tfjs/weights.bin'];

/** No artefact may reach 2 MB: they live in the repository. */
export const MAX_BYTES = 2e6;

/** Size and SHA-256 of every artefact of a model. */
export function describeArtefacts(slug) {
  return ARTEFACTS.map((file) => {
    const body = fs.readFileSync(modelPath(slug, file));
    return { file, bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') };
  });
}
