// ICU, which PostgreSQL is linked with, brings 26 MB of texts for every language of the world. The product's clusters use
// PostgreSQL's own C.UTF-8, so that none of it is read.

/** Names of languages, regions, currencies and time zones, spelled numbers, transliterations, word breaks, converters. */
const UNREAD = /\/(brkitr|curr|lang|rbnf|region|translit|unit|zone)\/|\.cnv$/;
/** Of the common data: u16 size of the header, two bytes of magic, then UDataInfo with this as its format. */
const FORMAT = Buffer.from('CmnD');
const FORMAT_AT = 12;
const MAGIC = 0x27da;
const ENTRY_BYTES = 8;

/**
 * Overwrites what is not read with zeros, in place: the library keeps its size and its table of contents, and packs well.
 * An item that is asked for after all is refused by ICU as damaged.
 * @param library bytes of libicudata
 * @returns how many bytes were overwritten
 * @throws Error when it is no such library
 */
export function blankLocales(library) {
  const start = library.indexOf(FORMAT) - FORMAT_AT;
  if (start < 0 || library.readUInt16LE(start + 2) !== MAGIC) throw new Error('this is no data library of ICU');
  const contents = start + library.readUInt16LE(start);
  const items = readContents(library, contents);
  let blanked = 0;
  // The last item ends where the table does not tell: it stays.
  for (const [i, { name, at }] of items.slice(0, -1).entries()) {
    if (!UNREAD.test(name)) continue;
    library.fill(0, at, items[i + 1].at);
    blanked += items[i + 1].at - at;
  }
  return blanked;
}

/** Table of contents: a count, then for each item the places of its name and its data, from the table's start. */
function readContents(library, contents) {
  return Array.from({ length: library.readUInt32LE(contents) }, (_, i) => {
    const entry = contents + 4 + i * ENTRY_BYTES;
    const nameAt = contents + library.readUInt32LE(entry);
    const name = library.toString('latin1', nameAt, library.indexOf(0, nameAt));
    return { name, at: contents + library.readUInt32LE(entry + 4) };
  });
}
