type Random = () => number;

const INTERESTING = [0x00, 0x01, 0x7f, 0x80, 0xff];

const CHANGES: readonly ((file: Buffer, random: Random) => Buffer)[] = [
  (file, random) => {
    const at = Math.floor(random() * file.length);
    file[at] = (file[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    return file;
  },
  (file, random) => {
    file[Math.floor(random() * file.length)] = INTERESTING[Math.floor(random() * INTERESTING.length)] ?? 0;
    return file;
  },
  (file, random) => file.subarray(0, Math.floor(random() * file.length)),
  (file, random) => {
    const [from, length] = [Math.floor(random() * file.length), Math.floor(random() * 64)];
    const piece = file.subarray(from, from + length);
    const to = Math.floor(random() * file.length);
    return Buffer.concat([file.subarray(0, to), piece, file.subarray(to)]);
  },
  (file, random) => {
    const [from, length] = [Math.floor(random() * file.length), 1 + Math.floor(random() * 16)];
    return Buffer.concat([file.subarray(0, from), file.subarray(from + length)]);
  },
  (file, random) => {
    const at = Math.floor(random() * Math.max(1, file.length - 9));
    file.fill(0xff, at, Math.min(file.length, at + 9)); // a number of nine bytes: huge, or negative
    return file;
  },
];

/** A damaged copy: one to four changes of bits, bytes, lengths and pieces. */
export function mutated(original: Buffer, random: Random): Buffer {
  let file: Buffer = Buffer.from(original);
  const changes = 1 + Math.floor(random() * 4);
  for (let i = 0; i < changes && file.length > 0; i++) {
    const change = CHANGES[Math.floor(random() * CHANGES.length)];
    if (change) file = change(file, random);
  }
  return file;
}
