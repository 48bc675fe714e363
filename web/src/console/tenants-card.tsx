import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, read } from '../api/client.js';
import type { Tenant } from '../api/types.js';
import { Card } from '../ui/card.js';
import { Icon } from '../ui/icon.js';
import { Empty, Failure, Loading } from '../ui/states.js';
import { DataTable } from './data-table.js';
import { useConsoleText } from './use-console-text.js';

/** How often the table looks again. */
const INTERVAL_MS = 5_000;

const analyzersOf = ({ analyzers }: Tenant) => analyzers.join(', ') || '–';
const jobsOf = ({ jobs }: Tenant) => `${jobs.queued} / ${jobs.running} / ${jobs.succeeded} / ${jobs.failed}`;

/** All tenants, and how they are doing. */
export function TenantsCard() {
  const { t } = useConsoleText();
  const tenants = useQuery({
    queryKey: ['admin', 'tenants'],
    queryFn: async () => (await read(api.GET('/v1/admin/tenants'))).data,
    refetchInterval: INTERVAL_MS,
  });
  return (
    <Card title={t('console.tenants')}>
      {tenants.isPending && <Loading className="h-48" />}
      {tenants.isError && <Failure error={tenants.error} onRetry={() => void tenants.refetch()} />}
      {tenants.data?.length === 0 && <Empty icon="list" title={t('console.tenants.empty')} />}
      {tenants.data && tenants.data.length > 0 && <TenantTable tenants={tenants.data} />}
    </Card>
  );
}

function TenantTable({ tenants }: { readonly tenants: readonly Tenant[] }) {
  const { t, format } = useConsoleText();
  const columns: readonly { readonly title: string; readonly cell: (tenant: Tenant) => ReactNode }[] = [
    { title: t('console.tenant'), cell: (tenant) => <Name tenant={tenant} /> },
    { title: t('console.status'), cell: ({ status }) => <Status status={status} /> },
    { title: t('console.weight'), cell: ({ weight }) => weight },
    { title: t('console.analyzers'), cell: analyzersOf },
    { title: t('console.jobs'), cell: jobsOf },
    { title: t('console.created'), cell: ({ createdAt }) => format.dateTime(createdAt) },
    { title: t('console.portal'), cell: ({ slug }) => <PortalLink slug={slug} /> },
  ];
  const rows = tenants.map((tenant) => ({ id: tenant.id, cells: columns.map(({ cell }) => cell(tenant)) }));
  return <DataTable label={t('console.tenants')} columns={columns.map(({ title }) => title)} rows={rows} />;
}

function PortalLink({ slug }: { readonly slug: string }) {
  const { t } = useConsoleText();
  return (
    <a href={`/t/${slug}`} className="whitespace-nowrap text-accent-text underline-offset-4 hover:underline">
      {t('console.open')}
    </a>
  );
}

function Name({ tenant }: { readonly tenant: Tenant }) {
  return (
    <>
      <span className="block font-medium">{tenant.name}</span>
      <span className="block text-xs text-muted">{tenant.slug}</span>
    </>
  );
}

function Status({ status }: { readonly status: Tenant['status'] }) {
  const { t } = useConsoleText();
  const isActive = status === 'active';
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${isActive ? 'text-ok' : 'text-warn'}`}>
      <Icon name={isActive ? 'check' : 'ban'} className="size-4" />
      {t(`console.${status}`)}
    </span>
  );
}
