import { describe, expect, it } from 'vitest';
import { newUuid, publicId } from '../../common/ids.js';
import { inputFileIds } from './input-file-ids.js';

describe('inputFileIds', () => {
  it('finds the files at the top of an input, each once', () => {
    const [a, b] = [newUuid(), newUuid()];
    const [image, mask] = [{ fileId: publicId('file', a) }, { fileId: publicId('file', b) }];
    expect(
      inputFileIds({ image, again: image, mask, threshold: 0.5, note: 'file_x', list: [image], none: null }),
    ).toEqual([a, b]);
  });

  it('takes nothing else for a file', () => {
    const job = { fileId: publicId('job', newUuid()) };
    expect(inputFileIds({ job, broken: { fileId: 'file_nonsense' }, number: { fileId: 7 } })).toEqual([]);
    expect(inputFileIds(null)).toEqual([]);
  });
});
