// Runs in the decoder process: erasable TypeScript only.

const SIGNATURES: readonly { readonly name: string; readonly matches: (head: string) => boolean }[] = [
  { name: 'JPEG', matches: (head) => head.startsWith('\xff\xd8\xff') },
  { name: 'PNG', matches: (head) => head.startsWith('\x89PNG\r\n\x1a\n') },
  { name: 'WebP', matches: (head) => head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP' },
  { name: 'GIF', matches: (head) => head.startsWith('GIF8') },
  { name: 'TIFF', matches: (head) => head.startsWith('II*\0') || head.startsWith('MM\0*') },
  { name: 'BMP', matches: (head) => head.startsWith('BM') },
  { name: 'PDF', matches: (head) => head.startsWith('%PDF') },
  { name: 'HEIF or AVIF', matches: (head) => head.slice(4, 8) === 'ftyp' },
  {
    name: 'SVG',
    matches: (head) => /^\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg/i.test(head),
  },
];
const ACCEPTED = ['JPEG', 'PNG', 'WebP'];

/** Decides by content, never by name. Throws an Error in plain words for everything but JPEG, PNG and WebP. */
export function requireAcceptedImage(file: Uint8Array): void {
  const head = Buffer.from(file.buffer, file.byteOffset, Math.min(file.byteLength, 512)).toString('latin1');
  const kind = SIGNATURES.find(({ matches }) => matches(head))?.name;
  if (kind === undefined) throw new Error('This is not a picture. Send a JPEG, PNG or WebP file.');
  if (!ACCEPTED.includes(kind)) throw new Error(`This is a ${kind} file. Send a JPEG, PNG or WebP file.`);
}
