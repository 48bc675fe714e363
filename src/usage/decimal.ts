/** Adds decimals up in millionths, as whole numbers: the sum of money is never a float's. */
export function decimalSum(decimals: readonly string[]): string {
  return decimalOf(decimals.reduce((sum, decimal) => sum + millionths(decimal), 0n));
}

/** A decimal times a whole number. @param times an integer, not negative */
export function decimalTimes(decimal: string, times: number): string {
  return decimalOf(millionths(decimal) * BigInt(times));
}

function decimalOf(total: bigint): string {
  const whole = total / 1_000_000n;
  const rest = String(total % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return rest ? `${whole}.${rest}` : String(whole);
}

function millionths(decimal: string): bigint {
  const [whole = '0', rest = ''] = decimal.split('.');
  return BigInt(whole) * 1_000_000n + BigInt(rest.slice(0, 6).padEnd(6, '0'));
}
