import pg from 'pg';
import type { MaruConfig } from '../config/config.js';
import { roleUrl } from '../database/role-url.js';
import { type DemoCredentials, readCredentials, writeCredentials } from './demo-credentials.js';
import { DEMO_TENANTS } from './demo-tenants.js';

/** What the seed found or made. */
export interface DemoSeed {
  readonly created: boolean;
  readonly tenants: readonly { readonly slug: string; readonly name: string }[];
}

/**
 * Makes sure that the demo tenants exist and that `demo-credentials.json` opens them. A second start only checks.
 * Never call it in production.
 */
export async function seedDemo(config: MaruConfig, adminUrl: string): Promise<DemoSeed> {
  const baseUrl = config.server.publicUrl;
  const known = readCredentials(config);
  if (known && (await tenantsExist(roleUrl(adminUrl, 'maru_platform', config.secrets)))) {
    if (known.baseUrl !== baseUrl) writeCredentials(config, { ...known, baseUrl });
    return { created: false, tenants: known.tenants };
  }
  const credentials = await onboard({ ...config, database: { url: adminUrl } }, baseUrl);
  writeCredentials(config, credentials);
  return { created: true, tenants: credentials.tenants };
}

/** Loads the services only when there is something to seed: a later start is faster without them. */
async function onboard(config: MaruConfig, baseUrl: string): Promise<DemoCredentials> {
  const { NestFactory } = await import('@nestjs/core');
  const { DemoModule } = await import('./demo.module.js');
  const { DemoTenants } = await import('./demo-onboarding.js');
  const context = await NestFactory.createApplicationContext(DemoModule.forRoot(config), {
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  try {
    return await context.get(DemoTenants).ensure(baseUrl);
  } finally {
    await context.close();
  }
}

async function tenantsExist(platformUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: platformUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ n: number }>(
      'select count(*)::int as n from maru.tenants where slug = any($1)',
      [DEMO_TENANTS.map((t) => t.slug)],
    );
    return rows[0]?.n === DEMO_TENANTS.length;
  } finally {
    await client.end();
  }
}
