import fs from 'node:fs';
import path from 'node:path';
import type { MaruConfig } from '../config/config.js';

/** What `.data/demo-credentials.json` holds: everything needed to try the platform as any of its users. */
export interface DemoCredentials {
  readonly baseUrl: string;
  readonly operator: { readonly email: string; readonly password: string };
  readonly tenants: readonly DemoTenantCredentials[];
}
export interface DemoTenantCredentials {
  readonly slug: string;
  readonly name: string;
  readonly analyzers: readonly string[];
  readonly owner: { readonly email: string; readonly password: string };
  readonly apiKey: string;
}

/** Path of the credentials file; mode 0600. */
export function credentialsFile(config: MaruConfig): string {
  return path.join(config.storage.dataDir, 'demo-credentials.json');
}

/** The file's content; null when it does not exist or cannot be read as JSON. */
export function readCredentials(config: MaruConfig): DemoCredentials | null {
  try {
    return JSON.parse(fs.readFileSync(credentialsFile(config), 'utf8')) as DemoCredentials;
  } catch {
    return null;
  }
}

/** Replaces the file in one step, so that a reader never sees half of it. */
export function writeCredentials(config: MaruConfig, credentials: DemoCredentials): void {
  const file = credentialsFile(config);
  const temporary = `${file}.${process.pid}`;
  fs.writeFileSync(temporary, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(temporary, file);
}
