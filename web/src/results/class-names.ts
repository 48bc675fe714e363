import type { Analyzer } from '../api/types.js';
import type { BrandAnalyzer } from '../../../src/portal/brand/tenant-brand.js';
import type { Locale } from '../i18n/setup.js';

/** What the classes of one analyzer are called, and how grave they are. */
export interface ClassNames {
  labelOf(id: string): string;
  severityOf(id: string): 'minor' | 'major' | 'critical' | null;
  /** A steady color per class, safe for color-blind people (Okabe and Ito, 2008). */
  colorOf(id: string): string;
}

const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b8860b', '#56b4e9'] as const;

/** The tenant's words first, then the analyzer's, then the id itself. */
export function classNames(
  analyzer: Analyzer | undefined,
  brand: BrandAnalyzer | undefined,
  locale: Locale,
): ClassNames {
  const own = new Map(brand?.classes?.map((c) => [c.id, c]));
  const ids = analyzer?.view.labels.map((l) => l.id) ?? [];
  const labels = new Map(analyzer?.view.labels.map((l) => [l.id, l.label[locale]]));
  return {
    labelOf: (id) => own.get(id)?.label[locale] ?? labels.get(id) ?? id,
    severityOf: (id) => own.get(id)?.severity ?? null,
    colorOf: (id) => PALETTE[Math.max(0, ids.indexOf(id)) % PALETTE.length] ?? PALETTE[0],
  };
}
