import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Caller, type Company, newMember, newOperator } from './company.js';
import { MEMBERS, type PrincipalName, PRINCIPALS } from './contract.js';
import { exchange, type Reply, requestOf } from './exchange.js';
import { expected, type Expectation, type Situation, SITUATIONS } from './expectation.js';
import { comparable, faultsOf } from './judgement.js';
import type { Operation } from './operations.js';
import type { Sample } from './samples.js';
import { type Holder, missingName } from './kinds.js';
import type { Stock } from './stock.js';

/** One request of the matrix. */
export interface Cell {
  readonly operation: Operation;
  readonly sample: Sample;
  readonly principal: PrincipalName;
  readonly situation: Situation;
  readonly expectation: Expectation;
  /** May it change something? Those come last, each with things of its own. */
  readonly isAllowed: boolean;
}

/** Who takes part. `other` and `suspended` never ask for `ours`. */
export interface Cast {
  readonly app: NestFastifyApplication;
  readonly stock: Stock;
  readonly operator: Caller;
  readonly ours: Company;
  readonly other: Company;
  readonly suspended: Company;
}

/** Every request that there is to make, in the order of the document. */
export function cellsOf(samples: ReadonlyMap<Operation, Sample>): Cell[] {
  return [...samples].flatMap(([operation, sample]) =>
    PRINCIPALS.flatMap((principal) =>
      SITUATIONS.flatMap((situation): Cell[] => {
        const expectation = expected(operation, sample, principal, situation);
        if (!expectation) return [];
        const isAllowed = situation === 'own' && ![401, 403].includes(expectation.statuses[0]!);
        const isPublic = operation.scope === 'public' && situation !== 'foreign' && situation !== 'missing';
        return [{ operation, sample, principal, situation, expectation, isAllowed: isAllowed || isPublic }];
      }),
    ),
  );
}

/** Makes one request and says what is wrong with its answer. */
export class Matrix {
  /** Answers for what is not the caller's, to be compared: the foreign one must look like the missing one. */
  private readonly unknown = new Map<string, string>();

  constructor(private readonly cast: Cast) {}

  async faultsOf(cell: Cell): Promise<string[]> {
    const { operation, sample, situation } = cell;
    const holder = await this.holderOf(cell);
    const isFresh = situation === 'own' && cell.isAllowed && operation.method !== 'GET';
    const own = await this.namesOf(sample, holder, isFresh);
    const ids = await this.idsOf(cell, holder, own);
    const { stock, app, other } = this.cast;
    const request = requestOf(operation, sample, { situation, ids, own, word: () => stock.word() });
    const host = situation === 'foreign host' ? { host: other.host } : {};
    const reply = await exchange(app, operation, request, { token: holder.caller.token, ...host });
    const faults = [...faultsOf(reply, cell, this.tracesOf(cell)), ...this.difference(cell, reply, Object.values(ids))];
    return faults.map((fault) => `${operation.id} as ${cell.principal}, ${situation}: ${fault}`);
  }

  private async holderOf({ sample, principal, situation, isAllowed }: Cell): Promise<Holder> {
    const { app, operator, ours, suspended } = this.cast;
    const company = situation === 'suspended' ? suspended : ours;
    const isFresh = sample.changesCaller && isAllowed;
    if (principal === 'operator') return { company, caller: isFresh ? await newOperator(app) : operator };
    const role = MEMBERS.find((name) => name === principal);
    if (isFresh && role) return { company, caller: await newMember(app, company, role) };
    return { company, caller: company.callers.get(principal)! };
  }

  private async namesOf(sample: Sample, holder: Holder, isFresh: boolean): Promise<Record<string, string>> {
    const names: Record<string, string> = {};
    for (const [name, kind] of Object.entries(sample.own ?? {}))
      names[name] = await this.cast.stock.shared(kind, holder);
    for (const [name, kind] of Object.entries(sample.ids)) {
      names[name] = await (isFresh ? this.cast.stock.fresh(kind, holder) : this.cast.stock.shared(kind, holder));
    }
    return names;
  }

  private async idsOf({ sample, situation }: Cell, { caller }: Holder, own: Record<string, string>) {
    if (situation !== 'foreign' && situation !== 'missing') return own;
    const { stock, other } = this.cast;
    const holder = { company: other, caller: other.callers.get(caller.name) ?? other.owner };
    const entries = Object.entries(sample.ids).map(async ([name, kind]): Promise<[string, string]> => {
      return [name, situation === 'missing' ? missingName(kind) : await stock.shared(kind, holder)];
    });
    return Object.fromEntries(await Promise.all(entries)) as Record<string, string>;
  }

  /** Words that must not stand in the answer. Operators see all tenants; what is public is everybody's. */
  private tracesOf({ operation, principal, situation }: Cell): string[] {
    if (principal === 'operator' || operation.scope === 'public') return [];
    const { ours, other, suspended } = this.cast;
    const strangers = situation === 'suspended' ? [ours, other] : [other, suspended];
    return strangers.flatMap(({ tenantId, id, slug }) => [tenantId, id, slug]);
  }

  private difference(
    { operation, sample, principal, situation }: Cell,
    reply: Reply,
    ids: readonly string[],
  ): string[] {
    if ((situation !== 'foreign' && situation !== 'missing') || sample.isPublished) return [];
    const key = `${operation.id} ${principal}`;
    const mine = comparable(reply, ids);
    const known = this.unknown.get(key);
    if (known === undefined) this.unknown.set(key, mine);
    return known === undefined || known === mine ? [] : [`differs from the other unknown one: ${known} / ${mine}`];
  }
}
