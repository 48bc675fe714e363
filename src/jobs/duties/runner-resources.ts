import { Injectable } from '@nestjs/common';
import { StoredFiles } from '../../files/stored-files.js';
import { TensorArena } from '../../inference/arena/tensor-arena.js';
import { DecoderPool } from '../../inference/decoder/decoder-pool.js';

/** What attempts borrow while they run. */
@Injectable()
export class RunnerResources {
  constructor(
    readonly files: StoredFiles,
    readonly decoders: DecoderPool,
    readonly arena: TensorArena,
  ) {}
}
