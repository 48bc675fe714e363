/** Classes 08 (connection), 57P (shutdown, starting up), 53300 (too many connections), and what the socket says. */
const AWAY_CODE = /^(08\d{3}|57P0[1-3]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)$/;
const AWAY_MESSAGE =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection)/;

/** True when the database (or the way to it) is gone, so that the same request may succeed in a few seconds. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  if (typeof code === 'string' && AWAY_CODE.test(code)) return true;
  if (AWAY_MESSAGE.test(error.message)) return true;
  return driverError !== undefined && driverError !== error && isDatabaseAway(driverError);
}
