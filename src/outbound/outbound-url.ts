import net from 'node:net';
import { UnsafeUrlError } from './outbound.errors.js';

const PORTS: ReadonlySet<string> = new Set(['', '443', '8443']);
const MAX_URL_CHARS = 2_048;
/** Names that mean a local host or network whatever a resolver says (RFC 6761, 6762, 8375, ICANN). */
const LOCAL_NAME =
  /(^|\.)(localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa|default|svc|test|invalid|onion|arpa)$/;
const HOST_NAME = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** An address that may be resolved. */
export interface OutboundUrl {
  readonly url: URL;
  /** Without a trailing dot; lower case. */
  readonly hostname: string;
  readonly port: number;
  /** On the allow-list of the configuration: what it resolves to is not judged. */
  readonly isAllowed: boolean;
}

/**
 * Judges an address by its form, after the URL parser has made one spelling of the many. What its name resolves to is
 * judged by the client, each time anew.
 * @param allowed `host:port` of the configuration
 * @throws UnsafeUrlError
 */
export function outboundUrl(text: string, allowed: ReadonlySet<string>): OutboundUrl {
  if (text.length > MAX_URL_CHARS || !URL.canParse(text)) throw new UnsafeUrlError('It is not an absolute URL.');
  const url = new URL(text);
  const isSecure = url.protocol === 'https:';
  const port = Number(url.port || (isSecure ? 443 : 80));
  if (url.username !== '' || url.password !== '') throw new UnsafeUrlError('It contains credentials.');
  if ((isSecure || url.protocol === 'http:') && allowed.has(`${url.hostname}:${port}`)) {
    return { url, hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'), port, isAllowed: true };
  }
  if (!isSecure) throw new UnsafeUrlError('It does not begin with https://.');
  if (!PORTS.has(url.port)) throw new UnsafeUrlError('Its port is not allowed.');
  const hostname = url.hostname.replace(/\.$/, '');
  if (net.isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0) throw new UnsafeUrlError('It names an IP address.');
  if (!HOST_NAME.test(hostname) || LOCAL_NAME.test(hostname)) throw new UnsafeUrlError('Its host name is not public.');
  return { url, hostname, port, isAllowed: false };
}
