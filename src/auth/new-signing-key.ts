import { generateKeyPairSync } from 'node:crypto';
import { newUuid } from '../common/ids.js';
import { sealText } from '../common/sealed-text.js';
import type { NewSigningKey } from './signing-keys.repository.js';

/** A new ES256 key, its private part sealed. @param envelopeKey 32 bytes */
export function newSigningKey(envelopeKey: Buffer): NewSigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = newUuid();
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { kid, publicPem, privateSealed: sealText(privatePem, envelopeKey, kid) };
}
