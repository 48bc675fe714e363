import type { INestApplicationContext } from '@nestjs/common';
import { ApiKeys } from '../../src/auth/api-keys.service.js';
import { Members } from '../../src/auth/members.service.js';
import { GRANTABLE_TO_KEYS } from '../../src/auth/scopes.js';
import { query } from './job-fixtures.js';
import { storedTenant } from './jobs-http.js';

/** A tenant with an owner and a key, made through the services of the running API. */
export interface ApiTenant {
  readonly id: string;
  readonly slug: string;
  readonly owner: { readonly email: string; readonly password: string };
  readonly apiKey: string;
}

/** Makes a tenant that may use these analyzers. */
export async function apiTenant(app: INestApplicationContext, ...analyzers: string[]): Promise<ApiTenant> {
  const id = await storedTenant(...analyzers);
  const [row] = await query<{ slug: string }>('select slug from maru.tenants where id = $1', [id]);
  const owner = { email: `owner@${row!.slug}.example`, password: 'correct horse battery staple' };
  await app.get(Members, { strict: false }).create(id, { ...owner, name: 'Owner', role: 'owner' });
  const { key } = await app.get(ApiKeys, { strict: false }).issue(id, { name: 'test', scopes: [...GRANTABLE_TO_KEYS] });
  return { id, slug: row!.slug, owner, apiKey: key };
}
