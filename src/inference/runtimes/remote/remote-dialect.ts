import type { NamedTensor } from '../../open-inference/named-tensor.js';
import type { ReportedTensor } from '../../engine/engine-operations.js';

/** A model on a server; null = whatever version it serves. */
export interface RemoteModelName {
  readonly model: string;
  readonly version: string | null;
}

/** What a server tells of a model. */
export interface RemoteModelFacts {
  /** Version that answered; null when the server does not tell. */
  readonly version: string | null;
  readonly inputs: readonly ReportedTensor[];
  readonly outputs: readonly ReportedTensor[];
}

/** How one kind of server is spoken to. Errors: see RemoteHttp. */
export interface RemoteDialect {
  /** Throws when the server cannot serve now. */
  checkReady(limitMs: number): Promise<void>;
  facts(name: RemoteModelName, limitMs: number): Promise<RemoteModelFacts>;
  /** The outputs of one run; `expected` are the outputs that the facts named. */
  infer(
    name: RemoteModelName,
    inputs: readonly NamedTensor[],
    expected: readonly ReportedTensor[],
    limitMs: number,
  ): Promise<readonly NamedTensor[]>;
}
