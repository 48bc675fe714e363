import { describe, expect, it } from 'vitest';
import { passwordFault } from './password-rules.js';

const ABOUT = ['mina.kim@hanbit.example', 'Mina Kim'];

describe('password rules', () => {
  it.each([
    'correct horse battery staple',
    'x9-Vault-pinecone',
    'korrekt-7-pferd',
    'zebra quilt 41',
    '마루바닥위의고양이',
    'ㅁㄴㅇㄹ마루와 밤하늘',
    'f83OJ3D2xF1Bg8vub9tL',
    'a passphrase of many words, password included',
  ])('take %j', (password) => expect(passwordFault(password, ABOUT)).toBeNull());

  it.each(['', 'short7', 'abc 123', 'x'.repeat(201), 'aaaaaaaaaaaaaaaaaaaaaa', 'abcabcabcabcabcabcabc', '1212121212'])(
    'refuse %j for its length or repetition',
    (password) => expect(passwordFault(password)?.message).toMatch(/characters|repeats/),
  );

  it.each([
    'password',
    'Password1',
    'P@ssw0rd!',
    'p4$$w0rd2026',
    'passw0rd123',
    'Welcome2026!',
    'Qwerty123!',
    'qwertyuiop',
    '12345678',
    '123456789',
    '87654321',
    'abcdefgh',
    'iloveyou1',
    '!!letmein!!',
    'Summer2026!',
    'changeme123',
    'adminadmin1',
    '1q2w3e4r',
    'asdfghjkl',
    '20261123',
    'Saranghae1',
    'dkssudgktpdy',
    'seoulkorea1',
    'testtest12',
    'Maru-admin-1',
    'secret!secret',
  ])('refuse %j, which is tried first', (password) => {
    expect(passwordFault(password)?.message).toMatch(/common|walk|repeats/);
  });

  it.each(['minakim1', 'Mina-Kim-26', 'hanbitmina', 'k1m.h4nbit'])('refuse %j for its own account', (password) => {
    expect(passwordFault(password, ABOUT)?.message).toMatch(/account/);
    expect(passwordFault(password, ['other@somewhere.test'])?.message ?? '').not.toMatch(/account/);
  });
});
