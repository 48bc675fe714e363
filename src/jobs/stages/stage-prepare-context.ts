import type { FileReference, ImageRow, PrepareContext } from '../../analyzers/analyzer.js';
import { InputUnreadableError } from '../../analyzers/analyzer.js';
import type { Turn } from '../../common/fair-turns.js';
import { uuidOf } from '../../common/ids.js';
import type { StoredFiles } from '../../files/stored-files.js';
import type { TensorArena } from '../../inference/arena/tensor-arena.js';
import type { DecoderPool } from '../../inference/decoder/decoder-pool.js';
import type { ImageRowSpec } from '../../inference/image-row-spec.js';
import type { RowHandle } from '../../inference/tensor.js';

/** What the prepare stage of one attempt works with. It remembers the rows it took; `release` gives them back. */
export class StagePrepareContext implements PrepareContext {
  private readonly rows: RowHandle[] = [];
  private isReleased = false;

  /** @param turn the tenant as the holder: its pictures take turns with those of other tenants */
  constructor(
    private readonly turn: Turn,
    private readonly files: StoredFiles,
    private readonly decoders: DecoderPool,
    private readonly arena: TensorArena,
    readonly signal: AbortSignal,
  ) {}

  async imageRow(file: FileReference, spec: ImageRowSpec): Promise<ImageRow> {
    const [decoded] = await this.imageRows(file, [spec]);
    return decoded as ImageRow;
  }

  async imageRows(file: FileReference, specs: readonly ImageRowSpec[]): Promise<readonly ImageRow[]> {
    if (specs.length === 0) return [];
    const decoded = await this.decoders.decodeAll(() => this.read(file), specs, this.signal, this.turn);
    this.keepAll(decoded.map(({ row }) => row));
    return decoded;
  }

  async text(file: FileReference): Promise<string> {
    return (await this.read(file)).toString('utf8');
  }

  async floatRow(values: Float32Array): Promise<RowHandle> {
    const row = await this.arena.allocate(values.byteLength, this.signal);
    this.keepAll([row]);
    this.arena.write(row, values);
    return row;
  }

  async tensorRows(rows: readonly ArrayBufferView[]): Promise<readonly RowHandle[]> {
    const handles = await this.arena.allocateAll(
      rows.map((row) => row.byteLength),
      this.signal,
    );
    this.keepAll(handles);
    for (const [i, handle] of handles.entries()) this.arena.write(handle, rows[i] as ArrayBufferView);
    return handles;
  }

  /** Gives the rows of a step of a chain back, which has run; the next one takes its own. */
  releaseRows(): void {
    for (const row of this.rows.splice(0)) this.arena.free(row);
  }

  /** Gives all rows back; one that arrives later, from a preparation that had failed elsewhere, goes back at once. */
  release(): void {
    this.isReleased = true;
    this.releaseRows();
  }

  private keepAll(rows: readonly RowHandle[]): void {
    this.rows.push(...rows);
    if (!this.isReleased) return;
    this.releaseRows();
    throw new Error('The attempt that asked for this row has ended.');
  }

  private async read(file: FileReference): Promise<Buffer> {
    const id = uuidOf('file', file.fileId);
    const content = id && (await this.files.read(this.turn.holder, id));
    if (!content) throw new InputUnreadableError(`The input file ${file.fileId} is no longer stored. Submit it again.`);
    return content;
  }
}
