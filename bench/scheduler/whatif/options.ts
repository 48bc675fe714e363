import { parseArgs } from 'node:util';
import type { TenantLimits } from '../machine/scenario.js';
import type { Change } from './replay.js';

export const USAGE = `Usage: npm run simulate -- (--trace <file> | --from <time> --to <time> --database <url>) [what is to be different]
  --trace         recorded trace, JSON lines; the format stands in bench/scheduler/whatif/trace.ts
  --from, --to    range of the platform's own record, ISO 8601; --database needs a role that sees all tenants
  --save          write the recorded range to this file
  --devices 4     number of devices
  --slowdown 0.5  run times over the recorded ones
  --weights acme=2,globex=1
  --in-flight acme=8     items of a tenant that may run at once
  --queued acme=500      units that a tenant may have queued`;

export interface SimulateOptions {
  readonly trace: string | null;
  readonly range: { readonly from: Date; readonly to: Date; readonly database: string } | null;
  readonly save: string | null;
  readonly change: Change;
  /** The change in words; empty = none. */
  readonly words: string;
}

const SPEC = {
  trace: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  database: { type: 'string' },
  save: { type: 'string' },
  devices: { type: 'string' },
  slowdown: { type: 'string' },
  weights: { type: 'string' },
  'in-flight': { type: 'string' },
  queued: { type: 'string' },
} as const;

/** @throws Error that names the wrong option */
export function simulateOptions(args: readonly string[]): SimulateOptions {
  const { values } = parseArgs({ args: [...args], options: SPEC });
  const { trace = null, from, to, database, save = null } = values;
  const range = from && to && database ? { from: time(from), to: time(to), database } : null;
  if ((trace === null) === (range === null)) throw new Error('Give either --trace, or --from, --to and --database.');
  const names = ['devices', 'slowdown', 'weights', 'in-flight', 'queued'] as const;
  const words = names.flatMap((name) => (values[name] === undefined ? [] : `${name} ${values[name]}`)).join(', ');
  const limits = limitsOf(pairs('in-flight', values['in-flight']), pairs('queued', values.queued));
  const change: Change = {
    ...(values.devices === undefined ? {} : { devices: whole(values.devices) }),
    ...(values.slowdown === undefined ? {} : { slowdown: positive('slowdown', values.slowdown) }),
    weights: pairs('weights', values.weights),
    limits,
  };
  return { trace, range, save, change, words };
}

function pairs(name: string, list: string | undefined): Map<string, number> {
  return new Map(
    (list ?? '').split(',').flatMap((pair) => {
      if (pair === '') return [];
      const [tenant = '', value = ''] = pair.split('=');
      return [[tenant, positive(name, value)] as const];
    }),
  );
}

function limitsOf(inFlight: ReadonlyMap<string, number>, queued: ReadonlyMap<string, number>) {
  const limits = new Map<string, TenantLimits>();
  for (const [tenant, maxInFlight] of inFlight) limits.set(tenant, { maxInFlight });
  for (const [tenant, maxEnqueued] of queued) limits.set(tenant, { ...limits.get(tenant), maxEnqueued });
  return limits;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || value === Infinity) throw new Error(`--${name}: ${text} is not a number above 0.`);
  return value;
}

function whole(text: string): number {
  const value = positive('devices', text);
  if (!Number.isInteger(value)) throw new Error(`--devices: ${text} is not a whole number.`);
  return value;
}

function time(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new Error(`${text} is not a time; write it as 2026-01-31T12:00:00Z.`);
  return at;
}
