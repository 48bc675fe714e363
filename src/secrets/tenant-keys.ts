import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { newUuid } from '../common/ids.js';
import { TtlCache } from '../common/ttl-cache.js';
import { KeyWrapper } from './key-wrapper.js';
import { SecretUnreadableError } from './secrets.errors.js';
import { type NewTenantKey, type TenantKeyRow, TenantKeysRepository } from './tenant-keys.repository.js';

const DATA_KEY_BYTES = 32;
/** A rotation is seen by other processes within this time; what they seal meanwhile is re-sealed later. */
const TTL_MS = 60_000;
const MAX_TENANTS = 5_000;

/** The unwrapped keys of one tenant. */
export interface KeyRing {
  readonly currentId: string;
  readonly keys: ReadonlyMap<string, KeyObject>;
}

/** Data keys of tenants: made at their first secret, unwrapped in memory for a minute. */
@Injectable()
export class TenantKeys {
  private readonly rings = new TtlCache<KeyRing>(TTL_MS, MAX_TENANTS);

  constructor(
    private readonly repository: TenantKeysRepository,
    private readonly wrapper: KeyWrapper,
  ) {}

  /** The tenant's keys; makes the first. @throws SecretUnreadableError when none of ours unwraps the current one */
  ring(tenantId: string): Promise<KeyRing> {
    return this.rings.get(tenantId, () => this.load(tenantId));
  }

  /** One key; looks again when it is new here. @throws SecretUnreadableError */
  async key(tenantId: string, keyId: string): Promise<KeyObject> {
    const known = (await this.ring(tenantId)).keys.get(keyId);
    if (known) return known;
    this.rings.clear();
    const key = (await this.ring(tenantId)).keys.get(keyId);
    if (!key) throw new SecretUnreadableError();
    return key;
  }

  /** Makes a new current key. */
  async rotate(tenantId: string): Promise<void> {
    await this.ring(tenantId);
    await this.repository.replace(tenantId, await this.newKey(tenantId));
    this.rings.clear();
  }

  /** Wraps every key of the tenant with the current key of the installation. @returns how many were not yet */
  async rewrap(tenantId: string): Promise<number> {
    const stale = (await this.repository.list(tenantId)).filter((row) => row.kekId !== this.wrapper.currentId);
    let done = 0;
    for (const row of stale) {
      const binding = bindingOf(tenantId, row.id);
      const dataKey = await this.wrapper.unwrap(row.kekId, row.wrapped, binding);
      if (!dataKey) throw new SecretUnreadableError();
      const wrapped = await this.wrapper.wrap(dataKey, binding);
      if (await this.repository.rewrap(tenantId, row, this.wrapper.currentId, wrapped)) done++;
    }
    return done;
  }

  /** Removes retired keys: nothing may be sealed with them any more. */
  async removeRetired(tenantId: string): Promise<void> {
    const retired = (await this.repository.list(tenantId)).filter((row) => row.state === 'retired');
    await this.repository.remove(
      tenantId,
      retired.map((row) => row.id),
    );
    this.rings.clear();
  }

  private async load(tenantId: string): Promise<KeyRing> {
    let rows = await this.repository.list(tenantId);
    if (!rows.some((row) => row.state === 'current')) {
      await this.repository.insertFirst(tenantId, await this.newKey(tenantId));
      rows = await this.repository.list(tenantId);
    }
    const keys = new Map<string, KeyObject>();
    for (const row of rows) {
      const key = await this.unwrap(tenantId, row);
      if (key) keys.set(row.id, key);
    }
    const current = rows.find((row) => row.state === 'current');
    if (!current || !keys.has(current.id)) throw new SecretUnreadableError();
    return { currentId: current.id, keys };
  }

  private async unwrap(tenantId: string, row: TenantKeyRow): Promise<KeyObject | null> {
    const dataKey = await this.wrapper.unwrap(row.kekId, row.wrapped, bindingOf(tenantId, row.id));
    return dataKey && createSecretKey(dataKey);
  }

  private async newKey(tenantId: string): Promise<NewTenantKey> {
    const id = newUuid();
    const wrapped = await this.wrapper.wrap(randomBytes(DATA_KEY_BYTES), bindingOf(tenantId, id));
    return { id, kekId: this.wrapper.currentId, wrapped };
  }
}

function bindingOf(tenantId: string, keyId: string): string {
  return `tenant-key|${tenantId}|${keyId}`;
}
