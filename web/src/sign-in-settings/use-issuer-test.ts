import { useRef, useState } from 'react';
import { testProvider } from '../api/identity-provider.js';
import type { OidcProviderTest } from '../api/types.js';

/** What the last test of an issuer found. */
interface Outcome {
  readonly report: OidcProviderTest | null;
  /** ApiError of a test that could not be made. */
  readonly error: unknown;
}

/** Tests of an issuer, one at a time. */
export interface IssuerTest extends Outcome {
  readonly isPending: boolean;
  readonly run: (issuer: string) => Promise<void>;
  /** Forgets what was said, or will be said, of another address. */
  readonly reset: () => void;
}

const NOTHING: Outcome = { report: null, error: null };

/** Tests issuers; only the answer to the latest question counts. */
export function useIssuerTest(): IssuerTest {
  const question = useRef(0);
  const [isPending, setPending] = useState(false);
  const [outcome, setOutcome] = useState(NOTHING);
  const reset = () => {
    question.current++;
    setPending(false);
    setOutcome(NOTHING);
  };
  const run = async (issuer: string) => {
    reset();
    const mine = question.current;
    setPending(true);
    const found = await testProvider(issuer).then(
      (report) => ({ report, error: null }),
      (error: unknown) => ({ report: null, error }),
    );
    if (question.current !== mine) return;
    setPending(false);
    setOutcome(found);
  };
  return { ...outcome, isPending, run, reset };
}
