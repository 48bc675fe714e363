import { PRIORITY_BANDS, type PriorityBand } from '../work-item.js';
import type { Conductor } from './conductor.js';
import type { CoreState } from './events.js';

/** What survives a restart. */
export function exportState({ tenants, queues, fleet }: Conductor): CoreState {
  const accounts = [...tenants.values()].map((tenant) => ({
    tenantId: tenant.tenantId,
    weight: tenant.weight,
    chargedDeviceMs: tenant.chargedDeviceMs,
    lagMs: perBand((band) => {
      const account = tenant.bands[band];
      return (account?.vtimeMs ?? 0) - (account?.creditMs ?? 0) / tenant.weight - (queues.bands[band]?.vtimeMs ?? 0);
    }),
  }));
  const costs = [...fleet.models.values()].flatMap((model) =>
    [...model.learned()].map(({ shapeBucket, deviceClass, cost: { a, c, sigma } }) => ({
      modelVersionId: model.id,
      shapeBucket,
      deviceClass,
      a,
      c,
      sigma,
    })),
  );
  return { accounts, costs };
}

/**
 * Takes over what an earlier process exported. Nobody starts further ahead of its share than the slack allows: a lag
 * counts from 0 to `fairnessSlackMaxMs` per weight.
 */
export function restoreState({ accounts, costs }: CoreState, parts: Conductor): void {
  const { queues, fleet, options } = parts;
  for (const { tenantId, weight, chargedDeviceMs, lagMs } of accounts) {
    const tenant = parts.tenant(tenantId);
    if (weight > 0 && Number.isFinite(weight)) tenant.weight = weight;
    tenant.chargedDeviceMs = chargedDeviceMs;
    for (const account of tenant.bands) {
      const name = PRIORITY_BANDS[account.band] as PriorityBand;
      const lag = Math.max(0, Math.min(options.fairnessSlackMaxMs / tenant.weight, lagMs[name]));
      account.vtimeMs = (queues.bands[account.band]?.vtimeMs ?? 0) + lag;
    }
  }
  for (const { modelVersionId, shapeBucket, deviceClass, ...line } of costs) {
    fleet.model(modelVersionId).cost(shapeBucket, deviceClass).restore(line);
  }
}

function perBand(value: (band: number) => number): Record<PriorityBand, number> {
  const [interactive, standard, bulk] = PRIORITY_BANDS.map((_, band) => value(band));
  return { interactive: interactive ?? 0, standard: standard ?? 0, bulk: bulk ?? 0 };
}
