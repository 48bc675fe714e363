/** The domains of a text, one per line or parted by commas or blanks: lower case, punycode, without a leading @. */
export function domainsIn(text: string): string[] {
  const words = text.split(/[\s,;]+/).map((word) => word.replace(/^@/, '').toLowerCase());
  return [...new Set(words.filter((word) => word !== '').map(punycode))];
}

/** What is no domain is left as it is, for the server to name. */
function punycode(word: string): string {
  if (/^[\x21-\x7e]*$/.test(word) || !URL.canParse(`https://${word}`)) return word;
  const { hostname, href } = new URL(`https://${word}`);
  return href === `https://${hostname}/` ? hostname : word;
}
