import { uuidOf } from '../../common/ids.js';

/** uuids of the files that a stored input names. File fields lie at its top, as `{"fileId": "file_…"}`. */
export function inputFileIds(input: Readonly<Record<string, unknown>> | null): string[] {
  const ids = new Set<string>();
  for (const value of Object.values(input ?? {})) {
    if (typeof value !== 'object' || value === null) continue;
    const { fileId } = value as { fileId?: unknown };
    const id = typeof fileId === 'string' ? uuidOf('file', fileId) : null;
    if (id) ids.add(id);
  }
  return [...ids];
}
