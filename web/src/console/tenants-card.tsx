import { useQuery } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import type { Tenant } from '../api/types.js';
import { Card } from '../ui/card.js';
import { Icon } from '../ui/icon.js';
import { Empty, Failure, Loading } from '../ui/states.js';
import { DataTable } from './data-table.js';
import { useConsoleText } from './use-console-text.js';

/** How often the table looks again. */
const INTERVAL_MS = 5_000;

const jobsOf = ({ jobs }: Tenant) =>
  jobs ? `${jobs.queued} / ${jobs.running} / ${jobs.succeeded} / ${jobs.failed}` : '–';

/** All tenants, and how they are doing. */
export function TenantsCard() {
  const { t, format } = useConsoleText();
  const tenants = useQuery({
    queryKey: ['admin', 'tenants'],
    queryFn: async () => (await read(api.GET('/v1/admin/tenants'))).data as Tenant[],
    refetchInterval: INTERVAL_MS,
  });
  const columns = (['tenant', 'status', 'weight', 'analyzers', 'jobs', 'created'] as const).map((key) => t(`console.${key}`));
  return (
    <Card title={t('console.tenants')}>
      {tenants.isPending && <Loading className="h-48" />}
      {tenants.isError && <Failure error={tenants.error} onRetry={() => void tenants.refetch()} />}
      {tenants.data?.length === 0 && <Empty icon="list" title={t('console.tenants.empty')} />}
      {tenants.data && tenants.data.length > 0 && (
        <DataTable
          label={t('console.tenants')}
          columns={[...columns, '']}
          rows={tenants.data.map((tenant) => ({
            id: tenant.id,
            cells: [
              <Name key="name" tenant={tenant} />,
              <Status key="status" status={tenant.status} />,
              tenant.weight,
              tenant.analyzers?.join(', ') ?? '–',
              jobsOf(tenant),
              format.dateTime(tenant.createdAt),
              <a key="open" href={`/t/${tenant.slug}`} className="whitespace-nowrap text-accent-text underline-offset-4 hover:underline">
                {t('console.open')}
              </a>,
            ],
          }))}
        />
      )}
    </Card>
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
