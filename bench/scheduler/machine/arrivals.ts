import { gamma, mulberry32 } from './random.js';
import { type ItemKind, ORDINARY, SimItem } from './sim-item.js';

/** One stream of arrivals: a tenant's work for a lane. */
export interface Stream {
  readonly lane: number;
  readonly tenant: number;
  /** Items per second. */
  readonly rps: number;
  /** Relative deadline, ms; Infinity = undated. */
  readonly sloMs: number;
  /** Shape of the gaps' gamma distribution: 1 = Poisson, less = bursts. */
  readonly shape?: number;
  readonly kind?: ItemKind;
  /** Rate at an instant over the mean rate; the gaps are stretched by it. */
  readonly pulse?: (atMs: number) => number;
}

/** The arrivals of all streams up to `endMs`, in order. Stream i (from 1) draws from seed*7919 + i*104729. */
export function arrivalsOf(streams: readonly Stream[], seed: number, endMs: number): SimItem[] {
  return mergeAll(streams.map((stream, i) => itemsOf(stream, seed * 7919 + (i + 1) * 104729, endMs)));
}

function itemsOf(stream: Stream, seed: number, endMs: number): SimItem[] {
  const items: SimItem[] = [];
  if (stream.rps <= 0) return items;
  const { shape = 1, kind = ORDINARY, pulse } = stream;
  const random = mulberry32(seed);
  const meanMs = 1000 / stream.rps;
  let at = random() * meanMs;
  while (at < endMs) {
    items.push(new SimItem(at, at + stream.sloMs, stream.lane, stream.tenant, kind));
    const gapMs = (gamma(shape, random) / shape) * meanMs;
    at += pulse ? gapMs / pulse(at) : gapMs;
  }
  return items;
}

/** Merges ordered lists into one; of equal times the earlier list goes first. */
export function mergeAll(lists: SimItem[][]): SimItem[] {
  let round = lists;
  while (round.length > 1) {
    const next: SimItem[][] = [];
    for (let i = 0; i < round.length; i += 2) next.push(merged(round[i] ?? [], round[i + 1] ?? []));
    round = next;
  }
  return round[0] ?? [];
}

function merged(left: SimItem[], right: SimItem[]): SimItem[] {
  const all: SimItem[] = [];
  let r = 0;
  for (const item of left) {
    for (let other = right[r]; other && other.arrivedAt < item.arrivedAt; other = right[++r]) all.push(other);
    all.push(item);
  }
  for (; r < right.length; r += 1) all.push(right[r] as SimItem);
  return all;
}
