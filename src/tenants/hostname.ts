const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The name in a Host header: lower case, without port and trailing dot. Not a proof that the name is well formed. */
export function hostnameOf(hostHeader: string): string {
  return hostHeader.trim().toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}

/** The host that every tenant gets: `{slug}.{platform host}`; on a loopback address `{slug}.localhost`. */
export function platformHostname(slug: string, publicUrl: string): string {
  const { hostname } = new URL(publicUrl);
  return `${slug}.${LOOPBACK.has(hostname) ? 'localhost' : hostname}`;
}
