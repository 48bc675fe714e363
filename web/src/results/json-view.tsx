import { useState } from 'react';
import { useText } from '../i18n/use-text.js';
import { Button } from '../ui/button.js';

/** Short arrays of numbers stay on one line: a grid of 256 scores is not 256 lines. */
function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    /\[\s+((?:-?[\d.e+-]+,?\s*)+)\]/g,
    (_, numbers: string) => `[${numbers.trim().replace(/\s+/g, ' ')}]`,
  );
}

/** The result as the API gives it. */
export function JsonView({ value }: { readonly value: unknown }) {
  const { t } = useText();
  const [isCopied, setCopied] = useState(false);
  const text = pretty(value);
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <div className="relative">
      <pre
        tabIndex={0}
        className="max-h-112 overflow-auto rounded-small border border-line bg-bg p-4 font-mono text-xs leading-5 whitespace-pre-wrap"
      >
        {text}
      </pre>
      <Button onClick={copy} className="absolute top-2 right-4 min-h-8">
        <span aria-live="polite">{t(isCopied ? 'result.copied' : 'result.copy')}</span>
      </Button>
    </div>
  );
}
