import fs from 'node:fs';
import readline from 'node:readline';
import { PRIORITY_BANDS, type PriorityBand } from '../../../src/gpu-scheduler/work-item.js';

/**
 * A recorded trace: one JSON object per line, in any order. Times are ms from any common start.
 *
 *     {"kind":"device","id":"gpu0","class":"cuda"}
 *     {"kind":"item","at":12.5,"tenant":"acme","weight":2,"model":"mv_1","bucket":"224x224","band":"standard",
 *      "size":1,"deadline":512.5,"cost":1.6,"batch":"ib_1","device":"gpu0","finished":40.2}
 *
 * - `device`: what the platform had. Without such lines the devices that the items name, or else one.
 * - `at`: when the item came to the scheduler. `deadline`: absolute; absent or null = undated. `size`: units, default 1.
 * - `weight`, `band`, `bucket`: default 1, `standard`, `any`.
 * - `cost`: device ms of the item; of all items of one `batch` together what that inference batch took.
 * - `finished`: when it really was done; absent or null = never. `device`: where.
 */
export interface Trace {
  readonly devices: readonly TraceDevice[];
  readonly items: readonly TraceItem[];
}

export interface TraceDevice {
  readonly id: string;
  readonly class: string;
}

export interface TraceItem {
  readonly at: number;
  readonly tenant: string;
  readonly weight: number;
  readonly model: string;
  readonly bucket: string;
  readonly band: PriorityBand;
  readonly size: number;
  /** Infinity = undated. */
  readonly deadline: number;
  /** 0 = not recorded. */
  readonly cost: number;
  readonly batch: string | null;
  readonly device: string | null;
  /** Infinity = never. */
  readonly finished: number;
}

/** @throws Error that names the line which is not as described above */
export async function readTrace(file: string): Promise<Trace> {
  const lines = readline.createInterface({ input: fs.createReadStream(file), crlfDelay: Infinity });
  const devices: TraceDevice[] = [];
  const items: TraceItem[] = [];
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    try {
      const entry = entryOf(line);
      if (entry.kind === 'device') devices.push({ id: text(entry, 'id'), class: text(entry, 'class', 'any') });
      else if (entry.kind === 'item') items.push(itemOf(entry));
      else throw new Error('"kind" is neither "device" nor "item"');
    } catch (error) {
      throw new Error(`${file}:${number}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }
  if (items.length === 0) throw new Error(`${file} has no items.`);
  return { devices, items };
}

/** Writes the trace in the format above. */
export function writeTrace(file: string, { devices, items }: Trace): void {
  const lines = [
    ...devices.map((device) => ({ kind: 'device', ...device })),
    ...items.map((item) => ({
      kind: 'item',
      ...item,
      deadline: orNull(item.deadline),
      finished: orNull(item.finished),
    })),
  ];
  fs.writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

type Entry = Readonly<Record<string, unknown>>;

function entryOf(line: string): Entry {
  const entry: unknown = JSON.parse(line);
  if (typeof entry !== 'object' || entry === null) throw new Error('the line is not an object');
  return { ...entry };
}

function itemOf(entry: Entry): TraceItem {
  const size = quantity(entry, 'size', 1);
  const weight = quantity(entry, 'weight', 1);
  if (!Number.isInteger(size) || size < 1) throw new Error('"size" is not a whole number from 1');
  if (weight <= 0) throw new Error('"weight" is not above 0');
  return {
    at: quantity(entry, 'at'),
    tenant: text(entry, 'tenant'),
    weight,
    model: text(entry, 'model'),
    bucket: text(entry, 'bucket', 'any'),
    band: bandOf(text(entry, 'band', 'standard')),
    size,
    deadline: quantity(entry, 'deadline', Infinity),
    cost: quantity(entry, 'cost', 0),
    batch: text(entry, 'batch', '') || null,
    device: text(entry, 'device', '') || null,
    finished: quantity(entry, 'finished', Infinity),
  };
}

function bandOf(name: string): PriorityBand {
  const band = PRIORITY_BANDS.find((known) => known === name);
  if (!band) throw new Error(`"band" is none of ${PRIORITY_BANDS.join(', ')}`);
  return band;
}

function text(entry: Entry, name: string, otherwise?: string): string {
  const value = entry[name] ?? otherwise;
  if (typeof value !== 'string') throw new Error(`"${name}" is not text`);
  return value;
}

function quantity(entry: Entry, name: string, otherwise?: number): number {
  const value = entry[name] ?? otherwise;
  if (typeof value !== 'number' || Number.isNaN(value)) throw new Error(`"${name}" is not a number`);
  return value;
}

function orNull(value: number): number | null {
  return value === Infinity ? null : value;
}
