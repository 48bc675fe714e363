import { useText } from '../i18n/use-text.js';
import { BrandMark } from '../ui/brand-mark.js';
import { useWorkplace } from './workplace.js';

const RINGS = [120, 200, 280, 360, 440, 520];

/** Half a page in the tenant's color. The rings are decoration in the label's own color, so they suit any brand. */
export function BrandPanel() {
  const { t } = useText();
  const { identity } = useWorkplace().workplace.brand;
  return (
    <div className="relative hidden w-5/12 max-w-2xl flex-col justify-between overflow-hidden bg-accent p-12 text-on-accent lg:flex">
      <svg
        aria-hidden
        viewBox="0 0 600 600"
        className="absolute -right-40 -bottom-40 size-[44rem]"
        fill="none"
        stroke="currentColor"
      >
        {RINGS.map((radius) => (
          <circle key={radius} cx={300} cy={300} r={radius / 2} strokeWidth={1.5} opacity={0.22} />
        ))}
        <circle cx={300} cy={40} r={9} fill="currentColor" stroke="none" opacity={0.5} />
        <circle cx={140} cy={300} r={6} fill="currentColor" stroke="none" opacity={0.5} />
      </svg>
      <BrandMark shortName={identity.shortName} size="large" look="inverted" />
      <div className="relative">
        <p className="text-5xl leading-tight font-bold tracking-tight text-balance">{identity.name}</p>
        <p className="mt-4 max-w-sm text-lg">{t('home.welcome')}</p>
      </div>
    </div>
  );
}
