import { timingSafeEqual } from 'node:crypto';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { type AuditActor, AuditTrail, SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { type FieldError, ValidationFailedError } from '../common/domain-error.js';
import { newUuid, publicId } from '../common/ids.js';
import { TenantDb } from '../database/tenant-db.js';
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
  readonly createdBy?: string | null;
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
  constructor(
    private readonly repository: ApiKeysRepository,
    private readonly db: TenantDb,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * @returns the uuid of the key and the key itself, which cannot be read again
   * @throws ValidationFailedError for a scope that a key may not hold, or an unreadable range
   */
  async issue(
    tenantId: string,
    wanted: NewApiKey,
    actor: AuditActor = SYSTEM_ACTOR,
  ): Promise<{ id: string; key: string }> {
    requireValid(wanted);
    const key = mintApiKey(wanted.mode ?? 'test');
    const { lookup, hash } = parseApiKey(key)!;
    const id = newUuid();
    const row = {
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
    };
    await this.db.run(tenantId, async (manager) => {
      await this.repository.insert(tenantId, row);
      const { name, scopes, allowedCidrs, expiresAt } = row;
      const target = { type: 'api_key', id: publicId('apiKey', id) };
      const after = { name, scopes, allowedCidrs, expiresAt };
      await this.audit.record(manager, { tenantId, actor, action: 'api_key.created', target, after });
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
    return toVerified(row);
  }

  /** A key that somebody proved before, for a token that was made with it. Null when it is no longer good there. */
  async find(tenantId: string, id: string, address: string): Promise<VerifiedApiKey | null> {
    const row = await this.repository.findById(tenantId, id);
    return row?.isUsable && isAllowed(address, row) ? toVerified(row) : null;
  }

  /** Name of a key, for GET /v1/me; null when it is gone. */
  name(tenantId: string, id: string): Promise<string | null> {
    return this.repository.name(tenantId, id);
  }
}

function requireValid({ name, scopes, allowedCidrs = [] }: NewApiKey): void {
  const faults: FieldError[] = [];
  const add = (pointer: string, code: string, message: string) => faults.push({ pointer, code, message });
  for (const scope of scopes) {
    if (!GRANTABLE_TO_KEYS.has(scope)) add('/scopes', 'not_grantable', `cannot hold ${scope}: no API key may`);
  }
  if (name.trim() === '' || name.length > 100) add('/name', 'invalid', 'must have 1 to 100 characters');
  for (const [index, cidr] of allowedCidrs.entries()) {
    if (!isCidr(cidr)) add(`/allowedCidrs/${index}`, 'invalid', 'must be a range such as 203.0.113.0/24');
  }
  if (faults.length > 0) throw new ValidationFailedError(faults);
}

function isCidr(text: string): boolean {
  const [net = '', bits = '', ...rest] = text.split('/');
  const family = isIP(net);
  return rest.length === 0 && family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32);
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

function toVerified({ id, tenantId, scopes, isTenantSuspended }: ApiKeyRow): VerifiedApiKey {
  return { id, tenantId, scopes: new Set(scopes.filter(isScope)), isTenantSuspended };
}
