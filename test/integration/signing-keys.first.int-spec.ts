import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UnauthenticatedError } from '../../src/auth/auth.errors.js';
import { SigningKeyRing } from '../../src/auth/signing-key-ring.js';
import { SigningKeyTimes } from '../../src/auth/signing-key-times.js';
import { SigningKeysModule } from '../../src/auth/signing-keys.module.js';
import { type SigningKeyRow, SigningKeysRepository } from '../../src/auth/signing-keys.repository.js';
import { Secrets } from '../../src/config/config.js';
import { AuthPool, PlatformPool } from '../../src/database/role-pool.js';
import { databaseModule } from '../support/database-module.js';

const ROUNDS = 20;

/** Answers late: with what it read before it was let go. */
class LateRepository extends SigningKeysRepository {
  private announce: () => void = () => undefined;
  letGo: () => void = () => undefined;
  readonly hasRead = new Promise<void>((resolve) => (this.announce = resolve));
  private readonly mayAnswer = new Promise<void>((resolve) => (this.letGo = resolve));

  override async list(settleMs: number, retainMs: number): Promise<SigningKeyRow[]> {
    const rows = await super.list(settleMs, retainMs);
    this.announce();
    await this.mayAnswer;
    return rows;
  }
}

let module: TestingModule;
let pools: [AuthPool, PlatformPool];
beforeAll(async () => {
  module = await databaseModule(SigningKeysModule);
  pools = [module.get(AuthPool), module.get(PlatformPool)];
});
afterAll(() => module.close());
beforeEach(() => pools[1].query('delete from maru.signing_keys'));

/** The ring of one more process, which would ask for an unknown key once in an hour. */
function newRing(repository = new SigningKeysRepository(...pools)): SigningKeyRing {
  const times = Object.assign(new SigningKeyTimes(), { unknownKidMs: 3_600_000 });
  return new SigningKeyRing(repository, times, module.get(Secrets));
}

const tokenOf = (kid: string) =>
  `${Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid })).toString('base64url')}.e30.x`;
const isRefused = (work: Promise<unknown>) => expect(work).rejects.toBeInstanceOf(UnauthenticatedError);

describe('the first signing keys of an installation', () => {
  it('are good at once in a process that saw a moment ago that there are none', async () => {
    const [here, there] = [newRing(), newRing()];
    await isRefused(there.publicKeyFor(tokenOf('unknown')));
    const { kid } = await here.signingKey();
    expect(await there.publicKeyFor(tokenOf(kid))).toContain('PUBLIC KEY');
    await isRefused(there.publicKeyFor(tokenOf('unknown')));
  });

  it('are good in a process that is just reading the keys and reads too early', async () => {
    const repository = new LateRepository(...pools);
    const late = newRing(repository);
    const unknown = isRefused(late.publicKeyFor(tokenOf('unknown')));
    await repository.hasRead;
    const { kid } = await newRing().signingKey();
    const verified = late.publicKeyFor(tokenOf(kid));
    repository.letGo();
    await unknown;
    expect(await verified).toContain('PUBLIC KEY');
  });

  it(`are the same for all who make them at once, ${ROUNDS} times`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await pools[1].query('delete from maru.signing_keys');
      const rings = [newRing(), newRing(), newRing()];
      const kids = await Promise.all(
        rings.map(async (ring) => {
          const { kid } = await ring.signingKey();
          for (const other of rings) expect(await other.publicKeyFor(tokenOf(kid))).toContain('PUBLIC KEY');
          return kid;
        }),
      );
      expect(new Set(kids).size).toBe(1);
      const { rows } = await pools[1].query<{ state: string }>('select state from maru.signing_keys order by state');
      expect(rows.map(({ state }) => state)).toEqual(['current', 'next']);
    }
  });
});
