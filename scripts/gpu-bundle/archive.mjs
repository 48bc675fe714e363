// One file that unpacks itself: a shell script, then a tar of all parts, each part a stream of xz of its own.
import fs from 'node:fs';
import path from 'node:path';
import { run } from '../steps.mjs';

/** End of a tar that was written with one block a record. */
const TAR_END_BYTES = 1_024;
/** Where the shell script says at which byte (from 1) the tar begins. Same width always: the place depends on the length. */
const OFFSET = 'payload_at=0000000000';
/** An encoder with this dictionary takes 700 MB: not more than two at once. */
const AT_ONCE = 2;
const TAR_FLAGS = [
  ...['--format=gnu', '-b', '1', '--no-recursion', '--null', '--mode=u=rwX,go=rX'],
  ...['--numeric-owner', '--owner=0', '--group=0', '--mtime=2026-01-01 00:00Z'],
];

/**
 * Packs the parts, in order. The same files give the same bytes with the same xz.
 * @param preset of xz, 1 (quick) to 9 (small)
 * @returns the parts with `bytes` (of their files) and `packedBytes`
 */
export async function packParts(stage, parts, scratch, preset) {
  fs.mkdirSync(scratch, { recursive: true });
  const waiting = [...parts.entries()];
  const packed = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [i, part] = next;
      packed[i] = await packPart(stage, part, path.join(scratch, `${i}.tar`), {
        preset,
        isLast: i === parts.length - 1,
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return packed;
}

/** Writes the head and the packed parts into one file; returns the bytes of the head. */
export function joinParts(target, headFile, packed) {
  const text = fs.readFileSync(headFile, 'utf8');
  if (!text.includes(OFFSET)) throw new Error(`${headFile} has no place for the offset`);
  const at = String(Buffer.byteLength(text) + 1);
  const head = text.replace(OFFSET, `payload_at=${at}${' '.repeat(OFFSET.length - 'payload_at='.length - at.length)}`);
  fs.writeFileSync(target, head, { mode: 0o755 });
  for (const { file } of packed) fs.appendFileSync(target, fs.readFileSync(file));
  return Buffer.byteLength(head);
}

async function packPart(stage, part, tar, { preset, isLast }) {
  const list = `${tar}.list`;
  fs.writeFileSync(list, part.files.join('\0'));
  await must('tar', [...TAR_FLAGS, '-C', stage, '-T', list, '-cf', tar]);
  if (!isLast) cutEnd(tar);
  const filters = [...(part.isMachineCode ? ['--x86'] : []), `--lzma2=preset=${preset},dict=64MiB`];
  // The simplest check sum of the format: every decoder of xz knows it.
  await must('xz', ['-T1', '--check=crc32', '--keep', '--force', ...filters, tar]);
  const bytes = part.files.reduce((sum, file) => sum + fs.statSync(path.join(stage, file)).size, 0);
  const file = `${tar}.xz`;
  return { ...part, bytes, file, packedBytes: fs.statSync(file).size };
}

/** Takes the mark of the end away, so that the next part continues this tar. */
function cutEnd(tar) {
  const { size } = fs.statSync(tar);
  const end = fs.readFileSync(tar).subarray(size - TAR_END_BYTES);
  if (end.some((byte) => byte !== 0)) throw new Error(`${tar} does not end as a tar does`);
  fs.truncateSync(tar, size - TAR_END_BYTES);
}

async function must(command, args) {
  const { code, output } = await run(command, args);
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${output.trim().slice(-500)}`);
}
