import { type AnalyzerManifest, parseManifest } from '../../analyzers/manifest/analyzer-manifest.js';
import { type FieldError, ValidationFailedError } from '../../common/domain-error.js';
import type { IncomingFile, IncomingModel } from './incoming-model.js';

const FILE_NAME = /^(?!\.)[A-Za-z0-9._-]{1,120}$/;

/** @throws ValidationFailedError for a name that is no plain one, or is there already */
export function assertFileName(name: string, files: readonly IncomingFile[]): void {
  const pointer = `/files/${name.slice(0, 120).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (!FILE_NAME.test(name)) {
    throw new ValidationFailedError([
      partFault(pointer, 'bad_format', 'must be a plain file name of letters, digits, . _ and -'),
    ]);
  }
  if (files.some((file) => file.name === name)) {
    throw new ValidationFailedError([partFault(pointer, 'given_twice', 'is given twice')]);
  }
}

/** The model of which every file was received. @throws ValidationFailedError when manifest and files do not belong together */
export function completeModel(manifest: unknown, directory: string, files: readonly IncomingFile[]): IncomingModel {
  const parsed = manifestFrom(manifest);
  const wanted = parsed.artifacts.flatMap((artifact) => artifact.files);
  const faults = [
    ...wanted
      .filter((name) => !files.some((file) => file.name === name))
      .map((name) => partFault(`/files/${name}`, 'required', 'is named in the manifest and was not sent')),
    ...files
      .filter(({ name }) => !wanted.includes(name))
      .map(({ name }) => partFault(`/files/${name}`, 'unknown_part', 'is not named in the manifest')),
    ...files.filter(({ bytes }) => bytes === 0).map(({ name }) => partFault(`/files/${name}`, 'too_short', 'is empty')),
  ];
  if (faults.length > 0) throw new ValidationFailedError(faults);
  return { manifest: parsed, directory, files };
}

/** @throws ValidationFailedError */
export function manifestFrom(value: unknown): AnalyzerManifest {
  if (value === undefined) throw new ValidationFailedError([partFault('/manifest', 'required', 'is required')]);
  const parsed = parseManifest(value, '/manifest');
  if ('faults' in parsed) throw new ValidationFailedError(parsed.faults);
  return parsed.manifest;
}

/** A fault of a part of a model. */
export function partFault(pointer: string, code: string, message: string): FieldError {
  return { pointer, code, message };
}
