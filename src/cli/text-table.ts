/** What a terminal may act on, or what makes a text read as another one: control characters and bidirectional overrides. */
const UNSAFE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
/** Characters of two columns: Hangul, kana, Han, full-width forms, emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu;
/** Characters of no column: marks, joiners, the vowels and finals of decomposed Hangul. */
const COMBINING = /\p{Mn}|[\u1160-\u11ff\u200b-\u200d]/gu;
const NOTHING = '-';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A document as people read it: rows as a table, an object as its fields, one a line, and lists of objects in it as tables
 * below. Nothing is cut, so that what is shown once can be copied whole.
 */
export function textTable(document: unknown): string {
  if (isRows(document)) return rowsOf(document).join('\n');
  if (!isFields(document)) return cell(document);
  const fields = Object.entries(flat(document));
  const lists = fields.filter((field): field is [string, readonly Fields[]] => isRows(field[1]) && field[1].length > 0);
  const single = fields.filter(([, value]) => !lists.some(([, rows]) => rows === value));
  const below = lists.map(([name, rows]) => [`${name}:`, ...rowsOf(rows)].join('\n'));
  return [aligned(single.map(([name, value]) => [name, cell(value)])).join('\n'), ...below]
    .filter(Boolean)
    .join('\n\n');
}

function rowsOf(rows: readonly Fields[]): string[] {
  if (rows.length === 0) return ['(none)'];
  const flatRows = rows.map((row) => flat(row));
  const columns = [...new Set(flatRows.flatMap((row) => Object.keys(row)))];
  return aligned([columns, ...flatRows.map((row) => columns.map((column) => cell(row[column])))]);
}

/** Members of members under their path: `jobs.queued`. */
function flat(fields: Fields, prefix = ''): Fields {
  const entries = Object.entries(fields).flatMap(([name, value]): [string, unknown][] =>
    isFields(value) ? Object.entries(flat(value, `${prefix}${name}.`)) : [[`${prefix}${name}`, value]],
  );
  return Object.fromEntries(entries);
}

function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return NOTHING;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(cell).join(', ') || NOTHING;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.replace(UNSAFE, '\ufffd');
}

function aligned(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => widthOf(line[i] ?? ''))));
  return lines.map((line) =>
    line
      .map((text, i) => text + ' '.repeat((widths[i] ?? 0) - widthOf(text)))
      .join('  ')
      .trimEnd(),
  );
}

/** Columns of a terminal. */
function widthOf(text: string): number {
  const shown = text.replace(COMBINING, '');
  return [...shown].length + (shown.match(WIDE)?.length ?? 0);
}

function isRows(value: unknown): value is readonly Fields[] {
  return Array.isArray(value) && value.every(isFields);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
