const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The name in a Host header: lower case, without port and trailing dot. Not a proof that the name is well formed. */
export function hostnameOf(hostHeader: string): string {
  return hostHeader.trim().toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}

/**
 * Where the portal of a tenant lies, without a trailing slash: on its first host, else under its path of the platform.
 * @param publicUrl of the installation; its scheme and port are those of all hosts
 */
export function portalAddress({ hosts, slug }: { hosts: readonly string[]; slug: string }, publicUrl: string): string {
  const { protocol, port } = new URL(publicUrl);
  return hosts[0] ? `${protocol}//${hosts[0]}${port ? `:${port}` : ''}` : `${publicUrl}/t/${slug}`;
}

/** The host that every tenant gets: `{slug}.{platform host}`; on a loopback address `{slug}.localhost`. */
export function platformHostname(slug: string, publicUrl: string): string {
  const { hostname } = new URL(publicUrl);
  return `${slug}.${LOOPBACK.has(hostname) ? 'localhost' : hostname}`;
}
