import { timingSafeEqual } from 'node:crypto';
import { BlockList, isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { ValidationFailedError } from '../common/domain-error.js';
import { newUuid } from '../common/ids.js';
import { type ApiKeyMode, mintApiKey, parseApiKey } from './api-key-format.js';
import { type ApiKeyRow, ApiKeysRepository } from './api-keys.repository.js';
import { GRANTABLE_TO_KEYS, isScope, type Scope } from './scopes.js';

const START_LENGTH = 16; // "maru_test_" and six digits of the look-up

/** What is decided about a new API key. */
export interface NewApiKey {
  readonly name: string;
  /** Of GRANTABLE_TO_KEYS. */
  readonly scopes: readonly Scope[];
  /** Default `test`. */
  readonly mode?: ApiKeyMode;
  /** Default never. */
  readonly expiresAt?: Date;
  /** CIDR ranges that may use the key. Default any. */
  readonly allowedCidrs?: readonly string[];
  /** Public id of whoever makes it. */
  readonly createdBy?: string;
}

/** A key that proved itself. */
export interface VerifiedApiKey {
  readonly id: string;
  readonly tenantId: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly isTenantSuspended: boolean;
}

/** API keys: made once, shown once, stored as a hash. */
@Injectable()
export class ApiKeys {
  constructor(private readonly repository: ApiKeysRepository) {}

  /**
   * @returns the uuid of the key and the key itself, which cannot be read again
   * @throws ValidationFailedError for a scope that a key may not hold
   */
  async issue(tenantId: string, wanted: NewApiKey): Promise<{ id: string; key: string }> {
    requireGrantable(wanted);
    const key = mintApiKey(wanted.mode ?? 'test');
    const { lookup, hash } = parseApiKey(key)!;
    const id = newUuid();
    await this.repository.insert(tenantId, {
      id,
      name: wanted.name.trim(),
      lookup,
      hash,
      start: key.slice(0, START_LENGTH),
      last4: key.slice(-4),
      scopes: [...new Set(wanted.scopes)],
      allowedCidrs: [...(wanted.allowedCidrs ?? [])],
      expiresAt: wanted.expiresAt ?? null,
      createdBy: wanted.createdBy ?? null,
    });
    return { id, key };
  }

  /**
   * Null for a key that is malformed, unknown, revoked, expired, or used from elsewhere.
   * @param address of the client
   */
  async verify(text: string, address: string): Promise<VerifiedApiKey | null> {
    const parts = parseApiKey(text);
    const row = parts && (await this.repository.find(parts.lookup));
    if (!row || !timingSafeEqual(row.hash, parts.hash) || !row.isUsable || !isAllowed(address, row)) return null;
    if (row.needsTouch) await this.repository.touch(row.tenantId, row.id);
    const { id, tenantId, isTenantSuspended } = row;
    return { id, tenantId, scopes: new Set(row.scopes.filter(isScope)), isTenantSuspended };
  }

  /** Name of a key, for GET /v1/me; null when it is gone. */
  name(tenantId: string, id: string): Promise<string | null> {
    return this.repository.name(tenantId, id);
  }
}

function requireGrantable({ name, scopes }: NewApiKey): void {
  const refused = scopes.filter((scope) => !GRANTABLE_TO_KEYS.has(scope));
  const faults = refused.map((scope) => ({
    pointer: '/scopes',
    code: 'not_grantable',
    message: `cannot hold ${scope}: no API key may`,
  }));
  if (name.trim() === '' || name.length > 100) {
    faults.push({ pointer: '/name', code: 'invalid', message: 'must have 1 to 100 characters' });
  }
  if (faults.length > 0) throw new ValidationFailedError(faults);
}

function isAllowed(address: string, { allowedCidrs }: ApiKeyRow): boolean {
  if (allowedCidrs.length === 0) return true;
  const list = new BlockList();
  for (const cidr of allowedCidrs) {
    const [net = '', bits = ''] = cidr.split('/', 2);
    list.addSubnet(net, Number(bits), isIPv6(net) ? 'ipv6' : 'ipv4');
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
