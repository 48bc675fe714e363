/** A transition as the stream sends it; only what is printed. */
export interface PrintedTransition {
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly stage?: string | null;
  readonly durationMs?: number | null;
  readonly error?: { readonly code: string; readonly message: string } | null;
  readonly execution?: {
    readonly inferenceBatchId: string;
    readonly batchSize: number;
    readonly slot: number;
    readonly device: string;
    readonly deviceType: string;
    readonly model: { readonly name: string; readonly version: string; readonly digest: string };
  } | null;
}

/** One line of a job's timeline: seq, what happened, how long it took, and the receipt of the inference. */
export function timelineLine(t: PrintedTransition, queuedAt: string): string {
  const what = t.type.startsWith('stage.') ? (t.stage ?? t.type) : t.type.replace('job.', '');
  const sinceMs = Math.max(0, Date.parse(t.at) - Date.parse(queuedAt));
  const time = t.durationMs === null || t.durationMs === undefined ? '' : `${t.durationMs} ms`;
  const cells = [String(t.seq).padStart(4), what.padEnd(10), time.padStart(8), `+${sinceMs} ms`.padStart(10)];
  return `${cells.join(' ')}  ${receipt(t)}${failure(t)}`.trimEnd();
}

function receipt({ execution }: PrintedTransition): string {
  if (!execution) return '';
  const { model } = execution;
  const seat = `${execution.slot + 1} of ${execution.batchSize}`;
  const ran = `${execution.device} (${execution.deviceType})`;
  return `batch ${execution.inferenceBatchId}, ${seat}, on ${ran}, ${model.name} ${model.version} ${model.digest.slice(0, 19)}`;
}

function failure({ error }: PrintedTransition): string {
  return error ? `${error.code}: ${error.message}` : '';
}

/** A result in one line. */
export function resultLine(data: Readonly<Record<string, unknown>>): string {
  if (typeof data['defectClass'] === 'string') {
    const boxes = (data['boxes'] as unknown[] | undefined)?.length ?? 0;
    return `${data['defectClass']}, confidence ${percent(data['confidence'])}, ${boxes} ${boxes === 1 ? 'place' : 'places'} marked`;
  }
  if (typeof data['text'] === 'string') return `reads "${data['text']}"`;
  const windows = anomalousWindows(data);
  return `${String(data['verdict'])}, score ${percent(data['score'])}, ${windows} ${windows === 1 ? 'window' : 'windows'} over the threshold`;
}

function anomalousWindows({ windows, threshold }: Readonly<Record<string, unknown>>): number {
  return ((windows as { score: number }[] | undefined) ?? []).filter((w) => w.score >= Number(threshold)).length;
}

function percent(value: unknown): string {
  return `${(Number(value) * 100).toFixed(1)} %`;
}
