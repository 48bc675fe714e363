import { hash } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { PASSWORD_COST, PasswordHasher } from './password-hasher.js';

const FLOOR = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

async function check(hasher: PasswordHasher, password: string, stored: string | null) {
  const verdicts: boolean[] = [];
  const settle = async (matches: boolean) => void verdicts.push(matches);
  const matches = await hasher.check(password, { load: async () => stored, settle });
  expect(verdicts).toEqual([matches]);
  return matches;
}

describe('PasswordHasher', () => {
  const hasher = new PasswordHasher(FLOOR);

  it('uses argon2id with 64 MiB, 3 passes and 1 lane by default', async () => {
    expect(await new PasswordHasher().hash('correct horse')).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
  });

  it('matches the password and nothing else', async () => {
    const stored = await hasher.hash('correct horse');
    expect(await check(hasher, 'correct horse', stored)).toBe(true);
    expect(await check(hasher, 'Correct horse', stored)).toBe(false);
    expect(await check(hasher, '', null)).toBe(false);
  });

  it('tells a hash of another cost', async () => {
    const stored = await hasher.hash('correct horse');
    expect(hasher.isOutdated(stored)).toBe(false);
    expect(new PasswordHasher(PASSWORD_COST).isOutdated(stored)).toBe(true);
    expect(hasher.isOutdated(await hash('x', { ...FLOOR, timeCost: 3 }))).toBe(true);
  });

  it('settles one guess before it begins a fifth', async () => {
    const stored = await hasher.hash('correct horse');
    let open = 0;
    let most = 0;
    const guess = () =>
      hasher.check('wrong', {
        load: async () => {
          most = Math.max(most, ++open);
          return stored;
        },
        settle: async () => void open--,
      });
    await Promise.all(Array.from({ length: 12 }, guess));
    expect(most).toBe(4);
  });
});
