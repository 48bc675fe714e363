import { createHash, randomBytes } from 'node:crypto';

const CODES = 10;
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford's base 32: nothing that looks like something else

/** Ten codes for whoever lost the phone, of 80 bits each: `9xk2-4tq7-b3w8-c5n1`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: CODES }, () => {
    const letters = [...randomBytes(16)].map((byte) => DIGITS[byte % 32]);
    return `${letters.slice(0, 4).join('')}-${letters.slice(4, 8).join('')}-${letters.slice(8, 12).join('')}-${letters.slice(12).join('')}`;
  });
}

/** What is stored of a code; blanks, dashes and capitals do not count. Null when the text is no code. */
export function recoveryCodeHash(text: string): Buffer | null {
  const letters = text.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1');
  return /^[0-9a-hjkmnp-tv-z]{16}$/.test(letters) ? createHash('sha256').update(letters).digest() : null;
}
