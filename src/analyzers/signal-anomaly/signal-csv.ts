import { InputUnreadableError } from '../analyzer.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const SEPARATOR = /[,;\t]/;

const cellsOf = (line: string): string[] => line.split(SEPARATOR).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));

/** Which column holds the series: the one named `value`, or the only one. */
function columnOf(header: readonly string[], named: boolean): number {
  const wanted = named ? header.findIndex((name) => name.toLowerCase() === 'value') : -1;
  if (wanted >= 0) return wanted;
  if (header.length === 1) return 0;
  throw new InputUnreadableError(
    `The CSV file has ${header.length} columns; name the one that holds the series "value" in a header line.`,
  );
}

/**
 * The series in a CSV file: one number per line, with or without a header line.
 * @throws InputUnreadableError naming the line that is not a number
 */
export function parseSignalCsv(text: string): number[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ cells: cellsOf(line), number: index + 1, blank: line.trim() === '' }))
    .filter(({ blank }) => !blank);
  const [first] = lines;
  if (!first) throw new InputUnreadableError('The CSV file is empty.');
  const named = !first.cells.some((cell) => NUMBER.test(cell));
  const column = columnOf(first.cells, named);
  return lines.slice(named ? 1 : 0).map(({ cells, number }) => {
    const cell = cells[column] ?? '';
    const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
    if (!Number.isFinite(value)) {
      throw new InputUnreadableError(
        `Line ${number} of the CSV file holds "${cell.slice(0, 40)}", which is no number.`,
      );
    }
    return value;
  });
}
