/** Crockford's alphabet in lower case: the suffix of a TypeID. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const VALUES = new Int8Array(128).fill(-1);
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

/** 26 characters. Two of them hold the first byte, each four after them five hexadecimal digits. */
const CHARACTERS = 26;

/** The 26 characters of a uuid in its 36-character form. */
export function base32OfUuid(uuid: string): string {
  const hex = uuid.replaceAll('-', '');
  let text = charactersOf(parseInt(hex.slice(0, 2), 16), 2);
  for (let at = 2; at < hex.length; at += 5) text += charactersOf(parseInt(hex.slice(at, at + 5), 16), 4);
  return text;
}

/** The uuid behind the 26 characters; null when they are not the form of one. */
export function uuidOfBase32(text: string): string | null {
  if (text.length !== CHARACTERS) return null;
  const first = bitsOf(text, 0, 2);
  if (first < 0 || first > 0xff) return null;
  let hex = first.toString(16).padStart(2, '0');
  for (let at = 2; at < CHARACTERS; at += 4) {
    const bits = bitsOf(text, at, 4);
    if (bits < 0) return null;
    hex += bits.toString(16).padStart(5, '0');
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function charactersOf(bits: number, count: number): string {
  let text = '';
  for (let shift = 5 * (count - 1); shift >= 0; shift -= 5) text += ALPHABET.charAt((bits >> shift) & 31);
  return text;
}

/** -1 when a character is not of the alphabet. */
function bitsOf(text: string, at: number, count: number): number {
  let bits = 0;
  for (let i = at; i < at + count; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? -1;
    if (value < 0) return -1;
    bits = (bits << 5) | value;
  }
  return bits;
}
