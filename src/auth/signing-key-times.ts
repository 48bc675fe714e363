import { Injectable } from '@nestjs/common';

const DAY_MS = 86_400_000;

/** The clockwork of signing keys, ms. Everything follows from how long a process may remember the list of keys. */
@Injectable()
export class SigningKeyTimes {
  /** A process reads the keys again after this. */
  readonly refreshMs: number = 60_000;
  /** For a key id that it does not know, or knows as `next`: a flood of made-up ids costs one query a second. */
  readonly unknownKidMs: number = 1_000;
  /** A new current key signs after this: refreshMs and a margin, so that every process verifies before one signs. */
  readonly settleMs: number = 70_000;
  /** The next key is published for this long before it may become current: max-age of the JWKS (300 s) and as much again. */
  readonly publishMs: number = 600_000;
  /** A key is current for this long. */
  readonly lifeMs: number = 30 * DAY_MS;
  /** A retired key verifies for this long: 15 min of a token, settleMs and refreshMs are 17 min 10 s. */
  readonly retainMs: number = 20 * 60_000;
  /** A retired key is deleted after this. */
  readonly deleteMs: number = DAY_MS;
}
