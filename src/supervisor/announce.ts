import path from 'node:path';
import type { MaruConfig } from '../config/config.js';
import { say } from './console-log.js';

/** A tenant as the announcement names it. */
export interface AnnouncedTenant {
  readonly slug: string;
  readonly name: string;
}

/** Prints where everything is. Never a password: those are in the file that it names. */
export function announce(config: MaruConfig, tenants: readonly AnnouncedTenant[], seconds: number): void {
  const { publicUrl } = config.server;
  const rows = [
    ...tenants.map(({ slug, name }) => [`Portal of ${name}`, `${publicUrl}/t/${slug}`] as const),
    ['Operator console', `${publicUrl}/console`] as const,
    ['API documentation', `${publicUrl}/docs`] as const,
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  say('');
  say(`Maru is ready at ${publicUrl} (${seconds.toFixed(1)} s)`);
  for (const [label, url] of rows) say(`  ${label.padEnd(width)}  ${url}`);
  if (tenants.length > 0)
    say(`  Sign in with the accounts in ${path.join(config.storage.dataDir, 'demo-credentials.json')}`);
  say('  Ctrl-C stops everything; what was accepted stays accepted.');
}
