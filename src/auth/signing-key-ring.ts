import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { newUuid } from '../common/ids.js';
import { openText, sealText } from '../common/sealed-text.js';
import { Secrets } from '../config/config.js';
import { UnauthenticatedError } from './auth.errors.js';
import { type NewSigningKey, type SigningKeyRow, SigningKeysRepository } from './signing-keys.repository.js';

const REFRESH_MS = 60_000; // a rotation publishes `next` long before it signs
const UNKNOWN_KID_MS = 1_000; // a flood of made-up key ids costs one query a second
/** Header members that let a token bring its own key, or extensions that we do not know. */
const FORBIDDEN = ['jku', 'jwk', 'x5u', 'x5c', 'crit'];

/** A public key as verifiers read it (RFC 7517). */
export interface PublicJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly use: string;
  readonly alg: string;
}

/** The ES256 keys of access tokens. Made at the first start; private parts are sealed in the database. */
@Injectable()
export class SigningKeyRing {
  private keys: ReadonlyMap<string, SigningKeyRow> = new Map();
  private loadedAt = -Infinity;
  private loading: Promise<void> | null = null;
  private readonly envelopeKey: Buffer;

  constructor(
    private readonly repository: SigningKeysRepository,
    secrets: Secrets,
  ) {
    this.envelopeKey = secrets.derive('signing-keys');
  }

  /** The key that signs now. */
  async signingKey(): Promise<{ kid: string; privatePem: string }> {
    await this.refresh(REFRESH_MS);
    if (!this.current()) {
      await this.repository.insertFirst(this.newKey(), this.newKey());
      await this.refresh(0);
    }
    const key = this.current();
    const privatePem = key ? openText(key.privateSealed, this.envelopeKey, key.kid) : null;
    if (!key || privatePem === null) {
      throw new Error('The signing key cannot be opened. Was MARU_MASTER_KEY changed? Restore the old one.');
    }
    return { kid: key.kid, privatePem };
  }

  /**
   * The key that a token must be signed with, after checks of its header that the JWT library does not make.
   * @throws UnauthenticatedError for any other algorithm, type or key id, and for a header that brings a key
   */
  async publicKeyFor(token: string): Promise<string> {
    const header = headerOf(token);
    const { alg, typ, kid } = header;
    if (alg !== 'ES256' || typ !== 'at+jwt' || typeof kid !== 'string' || FORBIDDEN.some((name) => name in header)) {
      throw new UnauthenticatedError();
    }
    await this.refresh(this.keys.has(kid) ? REFRESH_MS : UNKNOWN_KID_MS);
    const key = this.keys.get(kid);
    if (!key || key.state === 'next') throw new UnauthenticatedError();
    return key.publicPem;
  }

  /** Public keys for verifiers: current, next, and those retired within the life of a token. */
  async publicKeys(): Promise<PublicJwk[]> {
    await this.signingKey();
    return [...this.keys.values()].map(({ kid, publicPem }) => {
      const { kty = '', crv = '', x = '', y = '' } = createPublicKey(publicPem).export({ format: 'jwk' });
      return { kty, crv, x, y, kid, use: 'sig', alg: 'ES256' };
    });
  }

  private current(): SigningKeyRow | undefined {
    return [...this.keys.values()].find((key) => key.state === 'current');
  }

  private async refresh(maxAgeMs: number): Promise<void> {
    if (performance.now() - this.loadedAt < maxAgeMs) return;
    this.loading ??= this.load().finally(() => (this.loading = null));
    await this.loading;
  }

  private async load(): Promise<void> {
    const rows = await this.repository.list();
    this.keys = new Map(rows.map((row) => [row.kid, row]));
    this.loadedAt = performance.now();
  }

  private newKey(): NewSigningKey {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const kid = newUuid();
    const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    return { kid, publicPem, privateSealed: sealText(privatePem, this.envelopeKey, kid) };
  }
}

function headerOf(token: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.', 1)[0]!, 'base64url').toString('utf8'));
    if (typeof header === 'object' && header !== null) return header as Record<string, unknown>;
  } catch {
    // not a token
  }
  throw new UnauthenticatedError();
}
