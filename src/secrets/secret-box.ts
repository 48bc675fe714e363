import { Injectable } from '@nestjs/common';
import { sealBytes, openBytes } from './sealed-bytes.js';
import { SecretUnreadableError } from './secrets.errors.js';
import { TenantKeys } from './tenant-keys.js';

/** Where a sealed value lies. It opens nowhere else. */
export interface SecretPlace {
  /** uuid. */
  readonly tenantId: string;
  readonly table: string;
  readonly column: string;
  /** Key of the row. */
  readonly rowId: string;
}

const VERSION = 1;
const ID_BYTES = 16;
const HEAD_BYTES = 1 + ID_BYTES;

/**
 * Secrets of tenants in the database: webhook secrets, one-time password seeds, credentials of other services. AES-256-GCM
 * with the tenant's own key. A sealed value is: version (1 byte), id of the key (16), nonce (12), tag (16), ciphertext.
 */
@Injectable()
export class SecretBox {
  constructor(private readonly keys: TenantKeys) {}

  /** Call it outside of a transaction: the tenant's first secret makes its key. */
  async seal(place: SecretPlace, plain: string | Uint8Array): Promise<Buffer> {
    const { currentId, keys } = await this.keys.ring(place.tenantId);
    const head = Buffer.concat([Buffer.from([VERSION]), Buffer.from(currentId.replaceAll('-', ''), 'hex')]);
    return Buffer.concat([head, sealBytes(Buffer.from(plain), keys.get(currentId)!, bindingOf(place))]);
  }

  /** @throws SecretUnreadableError */
  async open(place: SecretPlace, sealed: Buffer): Promise<Buffer> {
    const key = await this.keys.key(place.tenantId, keyIdOf(sealed));
    const plain = openBytes(sealed.subarray(HEAD_BYTES), key, bindingOf(place));
    if (!plain) throw new SecretUnreadableError();
    return plain;
  }
}

/** Id of the key that a value is sealed with. @throws SecretUnreadableError for what is no sealed value */
export function keyIdOf(sealed: Buffer): string {
  if (sealed[0] !== VERSION || sealed.length < HEAD_BYTES) throw new SecretUnreadableError();
  const hex = sealed.toString('hex', 1, HEAD_BYTES);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function bindingOf({ tenantId, table, column, rowId }: SecretPlace): string {
  return `${tenantId}|${table}|${column}|${rowId}`;
}
