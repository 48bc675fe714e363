import { createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { KeyConfig, Secrets } from '../config/config.js';
import { openBytes, sealBytes } from './sealed-bytes.js';

/** Wraps data keys with a key that the database never sees. Adapters: keys of the configuration; a KMS. */
export abstract class KeyWrapper {
  /** Name of the key that new data keys are wrapped with. */
  abstract readonly currentId: string;
  abstract wrap(dataKey: Buffer, boundTo: string): Promise<Buffer>;
  /** Null when the key is unknown here, or is not the right one. */
  abstract unwrap(kekId: string, wrapped: Buffer, boundTo: string): Promise<Buffer | null>;
}

const MASTER_ID = 'master';

/**
 * Key encryption keys of the configuration, newest first, and one derived from the master key, which is the only one
 * until others are set. To change: let every process know the new key as the second, then make it the first, then rewrap,
 * then leave the old one out.
 */
@Injectable()
export class ConfiguredKeys extends KeyWrapper {
  readonly currentId: string;
  private readonly keys: ReadonlyMap<string, KeyObject>;

  constructor(config: KeyConfig, secrets: Secrets) {
    super();
    const master = { id: MASTER_ID, key: secrets.derive('key-encryption') };
    const all = [...config.keyEncryptionKeys, master];
    this.keys = new Map(all.map(({ id, key }) => [id, createSecretKey(key)]));
    this.currentId = all[0]!.id;
  }

  async wrap(dataKey: Buffer, boundTo: string): Promise<Buffer> {
    return sealBytes(dataKey, this.keys.get(this.currentId)!, boundTo);
  }

  async unwrap(kekId: string, wrapped: Buffer, boundTo: string): Promise<Buffer | null> {
    const key = this.keys.get(kekId);
    return key ? openBytes(wrapped, key, boundTo) : null;
  }
}
