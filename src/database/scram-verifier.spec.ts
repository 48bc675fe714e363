import { describe, expect, it } from 'vitest';
import { scramVerifier } from './scram-verifier.js';

describe('scramVerifier', () => {
  it('is what PostgreSQL stores for this password and salt', () => {
    // Independent: Python's hashlib and hmac over the formulas of RFC 5802; logins are proved by the integration tests.
    expect(scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });

  it('takes a new salt each time', () => {
    expect(scramVerifier('pencil')).not.toBe(scramVerifier('pencil'));
  });
});
