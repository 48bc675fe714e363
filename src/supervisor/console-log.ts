import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Width of the longest role name, so that the lines of all roles align. */
const ROLE_WIDTH = 8;

/** One line of the supervisor's own, on stdout. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One line of a role, with its name in front. */
export function sayAs(role: string, line: string): void {
  say(`${role.padEnd(ROLE_WIDTH)} | ${line}`);
}

/** Passes the output of a process on, line by line. */
export function relayLines(role: string, output: Readable): void {
  createInterface({ input: output, crlfDelay: Infinity }).on('line', (line) => sayAs(role, line));
}
