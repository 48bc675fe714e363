/**
 * Classes 08 (connection), 57P (shutdown, starting up) and 53 (out of connections, memory or disk), a statement that the
 * role's own timeouts ended (57014, 55P03), and what the socket says. TypeORM calls a transaction whose connection was
 * lost between two statements a released query runner.
 */
const AWAY_CODE =
  /^(08\d{3}|57P0[1-3]|57014|55P03|53\d{3}|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)$/;
const AWAY_MESSAGE =
  /^(timeout exceeded when trying to connect|timeout expired|Query read timeout|Connection terminated|Client has encountered a connection|Query runner already released)/;

/** True when the database (or the way to it) is gone or cannot keep up, so that the same request may succeed in a few seconds. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  if (typeof code === 'string' && AWAY_CODE.test(code)) return true;
  if (AWAY_MESSAGE.test(error.message)) return true;
  return driverError !== undefined && driverError !== error && isDatabaseAway(driverError);
}
