import { newUuid } from '../../dist/src/common/ids.js';

/** Stores tenants with one analyzer each; every fifth has somebody who subscribed to its ends (outbox). */
export async function storeTenants(client, count) {
  const tenants = Array.from({ length: count }, (_, i) => ({
    tenantId: newUuid(),
    analyzerId: newUuid(),
    slug: `bench-${count}-${i}`,
    outbox: i % 5 === 0,
  }));
  await client.query(
    `insert into maru.tenants (id, slug, name, outbox, max_queued_jobs) select i, s, s, o, 1000000 from unnest($1::uuid[], $2::text[], $3::bool[]) u(i, s, o)`,
    [tenants.map((t) => t.tenantId), tenants.map((t) => t.slug), tenants.map((t) => t.outbox)],
  );
  await client.query(
    `insert into maru.analyzers (tenant_id, id, slug) select t, a, 'surface-inspection' from unnest($1::uuid[], $2::uuid[]) u(t, a)`,
    [tenants.map((t) => t.tenantId), tenants.map((t) => t.analyzerId)],
  );
  await client.query('analyze maru.tenants, maru.analyzers');
  return tenants;
}
