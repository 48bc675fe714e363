import { monogram } from '../../../src/portal/brand/brand-icon.js';

interface BrandMarkProps {
  readonly shortName: string;
  readonly size?: 'small' | 'large';
  /** `inverted` stands on the brand color. */
  readonly look?: 'normal' | 'inverted';
}

/** The tenant's letter on its color. */
export function BrandMark({ shortName, size = 'small', look = 'normal' }: BrandMarkProps) {
  const box = size === 'large' ? 'size-14 text-2xl' : 'size-8 text-base';
  const colors = look === 'inverted' ? 'bg-on-accent text-accent' : 'bg-accent text-on-accent';
  return (
    <span aria-hidden className={`inline-grid shrink-0 place-items-center rounded-control font-bold ${box} ${colors}`}>
      {monogram(shortName)}
    </span>
  );
}
