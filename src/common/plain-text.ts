/** Control characters break layouts and logs; bidirectional overrides can make a name read as another one. */
export const PLAIN_TEXT = /^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u;
