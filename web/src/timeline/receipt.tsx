import type { Execution } from '../api/types.js';
import { useText } from '../i18n/use-text.js';
import { Facts } from '../ui/facts.js';

/** Proof of one execution: the shared batch, the place in it, the device and the exact model. */
export function Receipt({ execution }: { readonly execution: Execution }) {
  const { t, format } = useText();
  const { model } = execution;
  return (
    <Facts
      facts={[
        [t('receipt.device'), `${execution.device} · ${execution.deviceType}`],
        [t('receipt.size'), t('receipt.sizeValue', { count: execution.batchSize })],
        [t('receipt.slot'), `${execution.slot + 1} / ${execution.batchSize}`],
        [t('receipt.wait'), format.duration(execution.batchWaitMs)],
        [t('receipt.runtime'), execution.runtime],
        [t('receipt.model'), `${model.name} ${model.version}`],
        [t('receipt.batch'), execution.inferenceBatchId, 'id'],
      ]}
    />
  );
}
