const HIDDEN = '[redacted]';

/** Shapes of secrets, wherever they stand in a text. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\bmaru_(live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]+/g, `maru_$1_${HIDDEN}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN], // JWT
  [/\b(whsec|whpk)_[A-Za-z0-9+/=]+/g, `$1_${HIDDEN}`],
  [/\b(Bearer|Basic) +[\w.~+/=-]{6,}/gi, `$1 ${HIDDEN}`],
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi, `$1:${HIDDEN}@`], // credentials of a URL
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, HIDDEN],
  [/\$argon2[a-z]+\$[^\s"']+/g, HIDDEN],
  [
    /(["']?\b(?:password|passphrase|secret|token|refreshToken|accessToken|apiKey|authorization|cookie|set-cookie|client_secret|privateKey|masterKey)["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;}&]+)/gi,
    `$1${HIDDEN}`,
  ],
];

/** The text without what looks like a secret. */
export function redacted(text: string): string {
  return SHAPES.reduce((rest, [shape, instead]) => rest.replace(shape, instead), text);
}
