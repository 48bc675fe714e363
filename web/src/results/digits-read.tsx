import { useText } from '../i18n/use-text.js';
import { Icon } from '../ui/icon.js';

interface DigitsReadProps {
  readonly digits: readonly { readonly digit: number; readonly confidence: number }[];
}

/** Below this a digit is worth a second look. */
const DOUBTFUL = 0.8;

/** The text that was read, digit by digit, each with its confidence. */
export function DigitsRead({ digits }: DigitsReadProps) {
  const { t, format } = useText();
  const text = digits.map((d) => d.digit).join('');
  return (
    <div className="mb-5">
      <p className="mb-2 text-sm text-muted">{t('result.digits')}</p>
      {digits.length === 0 && <p className="text-lg font-semibold">{t('result.noDigits')}</p>}
      <p className="sr-only" data-digits={text}>
        {text}
      </p>
      <ul aria-hidden className="flex flex-wrap gap-1.5">
        {digits.map(({ digit, confidence }, i) => (
          <li
            key={i}
            className="flex min-w-12 flex-col items-center rounded-control border border-line bg-bg px-2 pt-1.5 pb-1"
          >
            <span className="text-3xl font-semibold tabular-nums">{digit}</span>
            <span
              className={`inline-flex items-center gap-0.5 text-xs tabular-nums ${confidence < DOUBTFUL ? 'text-warn' : 'text-muted'}`}
            >
              {confidence < DOUBTFUL && <Icon name="alert" className="size-3" />}
              {format.percent(confidence)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
