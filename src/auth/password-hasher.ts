import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { Semaphore } from './semaphore.js';

/** Cost of argon2id. Memory in KiB. */
export interface PasswordCost {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

/** About 58 ms and 64 MiB for one password on one core. */
export const PASSWORD_COST: PasswordCost = { memoryCost: 65_536, timeCost: 3, parallelism: 1 };

const SLOTS = 4; // × 64 MiB = 256 MiB at most

/** How one check of a password is fed and told about, all inside the slot that the check occupies. */
export interface PasswordCheck {
  /** The stored hash; null for an unknown account, which costs the same time and never matches. */
  readonly load: () => Promise<string | null>;
  /** Gets the verdict before the next check may begin, so that parallel guesses cannot outrun a counter. */
  readonly settle: (matches: boolean) => Promise<void>;
}

/** Hashes and checks passwords with argon2id, four at a time. */
export class PasswordHasher {
  private readonly slots = new Semaphore(SLOTS);
  private readonly dummy: Promise<string>;

  constructor(private readonly cost: PasswordCost = PASSWORD_COST) {
    this.dummy = hash(randomBytes(16), this.cost);
  }

  hash(password: string): Promise<string> {
    return this.slots.run(() => hash(password, this.cost));
  }

  check(password: string, { load, settle }: PasswordCheck): Promise<boolean> {
    return this.slots.run(async () => {
      const stored = await load();
      const matches = (await verify(stored ?? (await this.dummy), password)) && stored !== null;
      await settle(matches);
      return matches;
    });
  }

  /** True when a hash was made with another cost than today's: hash the password again at the next sign-in. */
  isOutdated(stored: string): boolean {
    const { memoryCost, timeCost, parallelism } = parseOptions(stored);
    const { cost } = this;
    return memoryCost !== cost.memoryCost || timeCost !== cost.timeCost || parallelism !== cost.parallelism;
  }
}
