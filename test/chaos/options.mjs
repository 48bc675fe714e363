// What `npm run chaos` is asked to do.
import { parseArgs } from 'node:util';

/** The long run ends when both figures are reached, or with the minutes. */
const LONG = { minutes: 60, jobs: 50_000, kills: 300, backlog: 250, longestPauseMs: 2_500 };
/** For `npm test`: a lease that runs out takes 8 s, and beside that comes what fits. */
const QUICK = { minutes: 0.3, jobs: 300, kills: 6, backlog: 200, longestPauseMs: 900 };

/**
 * Reads the command line: `--minutes --jobs --kills --seed --quick --report <file>`.
 * `backlog`: unfinished jobs above which clients hold back. `longestPauseMs`: between two faults.
 */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string' },
      jobs: { type: 'string' },
      kills: { type: 'string' },
      seed: { type: 'string' },
      quick: { type: 'boolean', default: false },
      report: { type: 'string' },
    },
  });
  const base = values.quick ? QUICK : LONG;
  const number = (name) => (values[name] === undefined ? base[name] : positive(name, values[name]));
  return {
    ...base,
    minutes: number('minutes'),
    jobs: number('jobs'),
    kills: number('kills'),
    seed: positive('seed', values.seed ?? (values.quick ? 1 : Date.now() % 1_000_000)),
    quick: values.quick,
    report: values.report ?? null,
  };
}

function positive(name, text) {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not ${text}`);
  return value;
}
