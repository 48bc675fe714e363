import { COMMON_WORDS } from './common-words.js';

const MIN_LENGTH = 8;
const MAX_LENGTH = 200; // a longer one only costs hashing time
const LONG = 15; // from here on length alone makes guessing hopeless, unless it repeats itself
const MIN_DISTINCT = 4;
/** What people write instead of letters. */
const SUBSTITUTES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};
const SEQUENCES = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn',
  '1q2w3e4r5t6y7u8i9o0p',
];

/** Why a password is not taken. */
export interface PasswordFault {
  readonly code: 'password_length' | 'password_repeats' | 'password_sequence' | 'password_common' | 'password_own';
  /** For its field. */
  readonly message: string;
}

/**
 * Why a password is not taken; null when it is. Length counts, not the kinds of characters;
 * what tools try first is refused: common words with decoration, one sequence, repetition, the account's own words.
 * (NIST SP 800-63B, ASVS 6.2.)
 * @param about words of the account that the password must not be made of: e-mail address, name, slug
 */
export function passwordFault(password: string, about: readonly string[] = []): PasswordFault | null {
  const length = [...password].length;
  if (length < MIN_LENGTH || password.length > MAX_LENGTH) {
    const message = `must have ${MIN_LENGTH} to ${MAX_LENGTH} characters; ${LONG} or more are better`;
    return { code: 'password_length', message };
  }
  const text = password.toLowerCase();
  if (new Set(text).size < MIN_DISTINCT || isRepeated(text)) {
    return { code: 'password_repeats', message: 'repeats itself; choose something longer to guess' };
  }
  if (length >= LONG) return null;
  if (isSequence(text)) {
    const message = 'is a walk over the keys or a count; it is among the first that are tried';
    return { code: 'password_sequence', message };
  }
  if (isMadeOf(text, COMMON_WORDS)) {
    const message = 'is a common word with decoration; it is among the first that are tried';
    return { code: 'password_common', message };
  }
  const own = new Set(about.flatMap(wordsOf));
  if (isMadeOf(text, own)) return { code: 'password_own', message: 'is made of the name or address of the account' };
  return null;
}

/** `abcabcabc`: a piece of at most half its length, again and again. */
function isRepeated(text: string): boolean {
  for (let period = 1; period <= Math.min(6, text.length / 2); period++) {
    if (
      text ===
      text
        .slice(0, period)
        .repeat(Math.ceil(text.length / period))
        .slice(0, text.length)
    )
      return true;
  }
  return false;
}

function isSequence(text: string): boolean {
  const backwards = [...text].reverse().join('');
  return SEQUENCES.some((sequence) => sequence.includes(text) || sequence.includes(backwards));
}

/** One or two of the words, and otherwise digits and signs. Both readings of a digit are tried: as itself and as a letter. */
function isMadeOf(text: string, words: ReadonlySet<string>): boolean {
  const asLetters = [...text].map((c) => SUBSTITUTES[c] ?? c).join('');
  const core = text.replace(/^[^a-z]+|[^a-z]+$/g, '');
  return [text, asLetters, core, [...core].map((c) => SUBSTITUTES[c] ?? c).join('')].some((reading) => {
    const letters = reading.replace(/[^a-z]/g, '');
    if (letters === '') return /^\d+$/.test(text) && text.length < 10;
    return words.has(letters) || splits(letters, words);
  });
}

function splits(letters: string, words: ReadonlySet<string>): boolean {
  for (let at = 3; at <= letters.length - 3; at++) {
    if (words.has(letters.slice(0, at)) && words.has(letters.slice(at))) return true;
  }
  return false;
}

function wordsOf(text: string): string[] {
  const parts = text
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((part) => part.length >= 3);
  return [...parts, parts.join('')].filter((part) => part !== '');
}
