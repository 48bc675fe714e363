import { createPublicKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { openText } from '../common/sealed-text.js';
import { Secrets } from '../config/config.js';
import { UnauthenticatedError } from './auth.errors.js';
import { newSigningKey } from './new-signing-key.js';
import { SigningKeyTimes } from './signing-key-times.js';
import { type SigningKeyRow, SigningKeysRepository } from './signing-keys.repository.js';

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
  /** When the newest load that has ended began: it saw everything committed before. */
  private loadedAt = -Infinity;
  private loading: Promise<void> | null = null;
  private readonly envelopeKey: Buffer;

  constructor(
    private readonly repository: SigningKeysRepository,
    private readonly times: SigningKeyTimes,
    secrets: Secrets,
  ) {
    this.envelopeKey = secrets.derive('signing-keys');
  }

  /** The key that signs now: for a minute after a rotation that is still the one before. */
  async signingKey(): Promise<{ kid: string; privatePem: string }> {
    await this.refresh(this.times.refreshMs);
    if (!this.signer()) {
      await this.repository.insertFirst(newSigningKey(this.envelopeKey), newSigningKey(this.envelopeKey));
      await this.refresh(0);
    }
    const key = this.signer();
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
    await this.refresh(this.toleratedAgeMs(kid));
    const key = this.verifierOf(kid);
    if (!key) throw new UnauthenticatedError();
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

  /** The current key once every process knows it, until then the newest retired one: the list has that first. */
  private signer(): SigningKeyRow | undefined {
    const keys = [...this.keys.values()];
    const current = keys.find((key) => key.state === 'current');
    return current?.isSettled ? current : (keys.find((key) => key.state === 'retired') ?? current);
  }

  private verifierOf(kid: string): SigningKeyRow | undefined {
    const key = this.keys.get(kid);
    return key?.state === 'next' ? undefined : key;
  }

  /** Before the first key every look counts: another process may have made one this very moment, and signed with it. */
  private toleratedAgeMs(kid: string): number {
    if (this.verifierOf(kid)) return this.times.refreshMs;
    return this.keys.size === 0 ? 0 : this.times.unknownKidMs;
  }

  /** A load that others began earlier does not count when it began before what is asked for: it may have missed a key. */
  private async refresh(maxAgeMs: number): Promise<void> {
    const wanted = performance.now() - maxAgeMs;
    while (this.loadedAt < wanted) {
      this.loading ??= this.load().finally(() => (this.loading = null));
      await this.loading;
    }
  }

  private async load(): Promise<void> {
    const beganAt = performance.now();
    const rows = await this.repository.list(this.times.settleMs, this.times.retainMs);
    this.keys = new Map(rows.map((row) => [row.kid, row]));
    this.loadedAt = beganAt;
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
