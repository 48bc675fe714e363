import { imageSize } from 'image-size';

/** What a file's content says of itself. */
export interface FileFacts {
  readonly mimeType: string;
  readonly sizeBytes: number;
  /** Pixels, from the header alone; null unless it is a picture. */
  readonly width: number | null;
  readonly height: number | null;
}

const PICTURES: Readonly<Record<string, { mimeType: string; magic: readonly number[] }>> = {
  png: { mimeType: 'image/png', magic: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  jpg: { mimeType: 'image/jpeg', magic: [0xff, 0xd8, 0xff] },
  webp: { mimeType: 'image/webp', magic: [0x52, 0x49, 0x46, 0x46] },
};
const CSV_SAMPLE_CHARS = 256 * 1024; // splitting millions of lines would hold up every other request
const HEADER_BYTES = 512 * 1024; // a JPEG may carry this much metadata before its size

/** Content types that files are delivered with. */
export const DELIVERED_TYPES: readonly string[] = [
  'application/octet-stream',
  'image/png',
  'image/jpeg',
  'image/webp',
  'application/json',
  'text/csv',
  'text/plain',
];

/**
 * Decides a type by content and reads a picture's size from its header; decodes nothing. Null when the content is
 * neither a JPEG, PNG or WebP with a readable header nor UTF-8 text.
 */
export function factsOf(content: Buffer): FileFacts | null {
  return pictureFacts(content) ?? textFacts(content);
}

/** The same for the beginning of a longer content: a text is judged by its whole lines. `sizeBytes` is that of the beginning. */
export function factsOfBeginning(head: Buffer): FileFacts | null {
  return pictureFacts(head) ?? textFacts(head.subarray(0, head.lastIndexOf(0x0a) + 1));
}

function pictureFacts(content: Buffer): FileFacts | null {
  const picture = Object.entries(PICTURES).find(([, { magic }]) => magic.every((byte, i) => content[i] === byte));
  if (!picture) return null;
  try {
    const { width, height, type } = imageSize(content.subarray(0, HEADER_BYTES));
    if (type !== picture[0] || !(width > 0) || !(height > 0)) return null;
    return { mimeType: picture[1].mimeType, sizeBytes: content.length, width, height };
  } catch {
    return null;
  }
}

function textFacts(content: Buffer): FileFacts | null {
  if (content.length === 0 || content.includes(0)) return null;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return null;
  }
  return { mimeType: textType(text), sizeBytes: content.length, width: null, height: null };
}

/** JSON when it parses, CSV when every line (of a long text's beginning) has as many cells as the first, plain text otherwise. */
function textType(text: string): string {
  if (/^\s*[[{]/.test(text)) {
    try {
      JSON.parse(text);
      return 'application/json';
    } catch {
      return 'text/plain';
    }
  }
  const sample = text.length > CSV_SAMPLE_CHARS ? text.slice(0, text.lastIndexOf('\n', CSV_SAMPLE_CHARS) + 1) : text;
  const lines = sample.split(/\r?\n/).filter((line) => line.trim() !== '');
  const cells = (line: string): number => line.split(/[,;\t]/).length;
  const numeric = lines.slice(1).every((line) => line.split(/[,;\t]/).every((cell) => Number.isFinite(Number(cell))));
  const regular = lines.every((line) => cells(line) === cells(lines[0] ?? ''));
  return lines.length > 1 && regular && numeric ? 'text/csv' : 'text/plain';
}
