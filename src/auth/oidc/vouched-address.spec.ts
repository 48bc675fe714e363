import { describe, expect, it } from 'vitest';
import { type Claims, providedIdentity, tellsAddress } from './provided-identity.js';
import { vouchedAddress } from './vouched-address.js';

type Rules = Parameters<typeof vouchedAddress>[1];
const TRUSTED: Rules = { allowedDomains: [], trustedEmailDomains: ['hanbit.example', 'xn--xx3br43b.example'] };
const NOBODY: Rules = { allowedDomains: [], trustedEmailDomains: [] };

const outcome = (claims: Claims, rules = TRUSTED, userInfo: Claims = {}) => {
  try {
    return vouchedAddress(providedIdentity(claims, userInfo), rules);
  } catch (error) {
    return (error as { reason?: string }).reason;
  }
};

describe('an address counts as verified', () => {
  it.each([
    [{ email: 'Mina@Hanbit.example ', email_verified: true }, NOBODY, 'mina@hanbit.example'],
    [{ email: 'mina@other.example', email_verified: true }, TRUSTED, 'mina@other.example'],
    [{ email: 'Mina@HANBIT.example' }, TRUSTED, 'mina@hanbit.example'],
    [{ email: 'mina@한빛.example' }, TRUSTED, 'mina@한빛.example'],
    [{ email: 'mina@xn--xx3br43b.example' }, TRUSTED, 'mina@xn--xx3br43b.example'],
  ])('%j', (claims, rules, address) => expect(outcome(claims, rules)).toBe(address));
});

describe('an address does not count as verified', () => {
  it.each([
    [{ email: 'mina@hanbit.example' }, NOBODY],
    [{ email: 'mina@other.example' }, TRUSTED],
    [{ email: 'mina@sub.hanbit.example' }, TRUSTED],
    [{ email: 'mina@nothanbit.example' }, TRUSTED],
    [{ email: 'mina@hanbit.example.evil.example' }, TRUSTED],
    [{ email: 'mina@hanbit.example@evil.example' }, TRUSTED],
    [{ email: 'mina@hanbit.example.' }, TRUSTED],
    [{ email: 'mina@ｈａｎｂｉｔ.example' }, TRUSTED],
    [{ email: 'mina@hanbıt.example' }, TRUSTED],
    [{ email: 'hanbit.example' }, TRUSTED],
    [{ email: 7 }, TRUSTED],
    [{}, TRUSTED],
  ])('when nothing is said of it: %j', (claims, rules) => expect(outcome(claims, rules)).toBe('unstated'));

  it.each([false, null, 'true', 'false', 1, 0, ''])('when the claim is %j, whatever is trusted', (word) => {
    expect(outcome({ email: 'mina@hanbit.example', email_verified: word })).toBe('unverified');
    expect(outcome({ email: 'mina@hanbit.example' }, TRUSTED, { email_verified: word })).toBe('unverified');
  });

  it('where only other domains may come in', () => {
    const rules = { ...TRUSTED, allowedDomains: ['other.example'] };
    expect(outcome({ email: 'mina@hanbit.example' }, rules)).toBe('domain');
  });
});

describe('what the userinfo endpoint says', () => {
  const idToken = { email: 'mina@other.example' };

  it('is asked for until the id token tells both', () => {
    expect([{}, idToken, { email_verified: true }].map(tellsAddress)).toEqual([false, false, false]);
    expect(tellsAddress({ ...idToken, email_verified: false })).toBe(true);
  });

  it('is about its own address alone', () => {
    expect(outcome(idToken, NOBODY, { ...idToken, email_verified: true })).toBe('mina@other.example');
    expect(outcome(idToken, NOBODY, { email: 'eve@other.example', email_verified: true })).toBe('unstated');
    expect(outcome(idToken, NOBODY, { email_verified: true })).toBe('unstated');
    expect(outcome({}, NOBODY, { ...idToken, email_verified: true })).toBe('mina@other.example');
  });

  it('takes a yes of the id token back, but never a no', () => {
    const yes = { ...idToken, email_verified: true };
    expect(outcome(yes, NOBODY, { ...idToken, email_verified: false })).toBe('unverified');
    expect(outcome({ ...idToken, email_verified: false }, NOBODY, yes)).toBe('unverified');
  });
});
