import { describe, expect, it } from 'vitest';
import { Secrets } from '../config/config.js';
import { roleUrl } from './role-url.js';

const secrets = new Secrets(Buffer.alloc(32, 7));

describe('roleUrl', () => {
  it('changes the user alone', () => {
    const url = new URL(roleUrl('postgres://admin:p%40ss@db.test:6432/maru?sslmode=verify-full', 'maru_auth', secrets));
    expect(url.username).toBe('maru_auth');
    expect(url.password).toBe(secrets.rolePassword('maru_auth'));
    expect(`${url.host}${url.pathname}${url.search}`).toBe('db.test:6432/maru?sslmode=verify-full');
  });

  it('says what to do without an address', () => {
    expect(() => roleUrl(null, 'maru_app', secrets)).toThrow(/DATABASE_URL is not set/);
  });
});
