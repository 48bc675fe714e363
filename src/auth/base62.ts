import { randomBytes } from 'node:crypto';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A number in base 62, padded with zeros on the left to `width` digits. */
export function base62(value: bigint, width: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = DIGITS[Number(rest % 62n)] + text;
  return text.padStart(width, '0');
}

/** `width` random base-62 digits. The bias of the remainder is below 2^-60. */
export function randomBase62(width: number): string {
  const bits = BigInt(`0x${randomBytes(width + 8).toString('hex')}`);
  return base62(bits % 62n ** BigInt(width), width);
}
