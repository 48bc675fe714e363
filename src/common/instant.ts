/**
 * The instant of an RFC 3339 text. Null when the calendar or the clock has no such moment (Date would roll February 30
 * over to March), or when it lies outside the years 0 to 9999 in UTC, which the same format could not write back.
 */
export function instantOf(text: string): Date | null {
  const instant = new Date(text);
  const midnight = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(instant.getTime()) || Number.isNaN(midnight.getTime())) return null;
  const isWritable = /^\d{4}-/.test(instant.toISOString());
  const isOnCalendar = midnight.toISOString().startsWith(text.slice(0, 10)) && text.slice(11, 13) < '24';
  return isWritable && isOnCalendar ? instant : null;
}
