/** Numbers, times and durations as the visitor's language writes them. */
export interface Formats {
  duration(ms: number): string;
  percent(share: number): string;
  number(value: number, digits?: number): string;
  bytes(bytes: number): string;
  /** @param decimal a decimal number as text, of which no digit is lost @param currency ISO 4217 */
  money(decimal: string, currency: string): string;
  dateTime(iso: string): string;
}

/**
 * @param locale base language, `ko` or `en`
 * @param timeZone of the tenant
 */
export function formatsOf(locale: string, timeZone: string | undefined): Formats {
  const unit = (name: string, value: number, digits: number) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: locale === 'ko' && name !== 'millisecond' ? 'short' : 'narrow',
      maximumFractionDigits: digits,
    }).format(value);
  return {
    duration: (ms) =>
      durationParts(ms)
        .map(([name, value, digits]) => unit(name, value, digits))
        .join(' '),
    percent: (share) =>
      new Intl.NumberFormat(locale, {
        style: 'percent',
        maximumFractionDigits: share > 0.99 && share < 1 ? 1 : 0,
      }).format(share),
    number: (value, digits = 2) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value),
    bytes: (bytes) => (bytes >= 2 ** 20 ? unit('megabyte', bytes / 2 ** 20, 1) : unit('kilobyte', bytes / 1024, 0)),
    money: (decimal, currency) =>
      new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 6 }).format(
        decimal as `${number}`,
      ),
    dateTime: (iso) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone }).format(new Date(iso)),
  };
}

type Part = [unit: string, value: number, fractionDigits: number];

/** Milliseconds below a second, one decimal below a minute, then minutes and seconds, then hours and minutes. */
export function durationParts(ms: number): Part[] {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1000) return [['millisecond', whole, 0]];
  if (whole < 59_950) return [['second', whole / 1000, 1]];
  const seconds = Math.round(whole / 1000);
  if (seconds < 3600)
    return [
      ['minute', Math.floor(seconds / 60), 0],
      ['second', seconds % 60, 0],
    ];
  const minutes = Math.round(seconds / 60);
  return [
    ['hour', Math.floor(minutes / 60), 0],
    ['minute', minutes % 60, 0],
  ];
}
