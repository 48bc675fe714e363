import type { Analyzer } from '../api/types.js';
import { useText } from '../i18n/use-text.js';

/** What the tenant's own jobs of an analyzer took lately, and what one costs; nothing while neither is known. */
export function AnalyzerFacts({ analyzer: { latency, price } }: { readonly analyzer: Analyzer }) {
  const { t, format } = useText();
  const facts = [
    latency && t('new.latency', { p50: format.duration(latency.p50Ms), p90: format.duration(latency.p90Ms) }),
    price.amount && t('new.price', { amount: format.money(price.amount.value, price.amount.currency) }),
  ].filter(Boolean);
  return facts.length > 0 && <p className="mt-2 text-sm text-muted tabular-nums">{facts.join(' · ')}</p>;
}
