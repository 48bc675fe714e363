import type { Caller, Company } from '../authorization/company.js';
import { PRINCIPALS } from '../authorization/contract.js';
import { exchange } from '../authorization/exchange.js';
import { expected, type Situation } from '../authorization/expectation.js';
import { Matrix } from '../authorization/matrix.js';
import { type Operation, operationsOf } from '../authorization/operations.js';
import { type Sample, sampleOf } from '../authorization/samples.js';
import { openApiDocument } from '../../../src/openapi.js';
import { pick } from '../seeded-random.js';
import type { World } from './world.js';

/** They cost a password each, end the caller, or begin what only its end shows. */
const LEFT_OUT = new Set(['startSecondFactor', 'disableSecondFactor', 'logout', 'endOtherSessions']);
/** What may be done over and over without an end to it. */
const REPEATABLE = new Set(['createJob', 'updateMe', 'createUpload']);
const SITUATIONS: readonly Situation[] = ['own', 'foreign', 'foreign', 'missing', 'foreign host'];

/** Requests of random operations by random callers, about their own things, those of others, and nothing. */
export class HttpProbes {
  private readonly samples: [Operation, Sample][];
  private readonly lists: Operation[];
  private readonly matrices = new Map<string, Matrix>();
  private readonly pageTokens = new Map<string, string>();

  constructor(
    private readonly world: World,
    private readonly next: () => number,
  ) {
    this.samples = operationsOf(openApiDocument(world.app)).flatMap((operation): [Operation, Sample][] => {
      const sample = sampleOf(operation);
      const isLeftOut = typeof sample === 'string' || operation.scope === 'public' || LEFT_OUT.has(operation.id);
      return isLeftOut ? [] : [[operation, sample]];
    });
    this.lists = this.samples.flatMap(([operation]) =>
      operation.method === 'GET' && !operation.isStream && Object.keys(operation.names).length === 0 ? [operation] : [],
    );
  }

  /** Reads one page of every list as every tenant, to have tokens that are good elsewhere. */
  async collectPageTokens(): Promise<number> {
    for (const company of this.world.companies) {
      for (const list of this.lists) {
        const { body } = await this.ask(list, company.owner, { limit: '1' });
        const token = /"nextPageToken":"([^"]+)"/.exec(body)?.[1];
        if (token) this.pageTokens.set(`${list.id} ${company.slug}`, token);
      }
    }
    return this.pageTokens.size;
  }

  /** One request out of the matrix. */
  async matrixProbe(): Promise<string[]> {
    const [ours, other] = this.twoCompanies();
    const { operation, sample, principal, situation, expectation } = this.cell();
    const cell = { operation, sample, principal, situation, expectation, isAllowed: false };
    return this.matrixOf(ours, other).faultsOf(cell);
  }

  /** One list, asked for with words of another tenant: a page token, filters. */
  async listProbe(): Promise<string[]> {
    const [ours, other] = this.twoCompanies();
    const list = pick(this.next, this.lists);
    const caller = pick(this.next, [...ours.callers.values()]);
    const token = this.pageTokens.get(`${list.id} ${other.slug}`);
    const queries: Record<string, string>[] = [
      { limit: '200' },
      { analyzer: other.slug },
      { 'metadata[company]': other.slug },
      { actor: other.slug },
      { tenant: other.id },
      { tenantId: other.id },
      ...(token ? [{ pageToken: token }, { pageToken: token }] : []),
    ];
    const query = pick(this.next, queries);
    const { status, body } = await this.ask(list, caller, query);
    const faults = this.world.leaksIn(withoutEcho(body, query), ours).map((leak) => `tells ${leak}`);
    if (status >= 500) faults.push(`answered ${status}`);
    if (query['pageToken'] && status < 400) faults.push(`took the page token of ${other.slug}`);
    return faults.map((fault) => `${list.id} as ${caller.name} with ${JSON.stringify(query)}: ${fault}`);
  }

  /** A request that its client gives up: whoever comes next on the connection to the database must not notice. */
  async abortedProbe(): Promise<string[]> {
    const [ours] = this.twoCompanies();
    const list = pick(this.next, this.lists);
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), this.next() * 4);
    await this.world.app
      .inject({
        method: 'GET',
        url: list.path,
        headers: { authorization: `Bearer ${ours.owner.token}` },
        signal: abort.signal,
      })
      .catch(() => null);
    clearTimeout(timer);
    return [];
  }

  private cell() {
    for (;;) {
      const [operation, sample] = pick(this.next, this.samples);
      const principal = pick(this.next, PRINCIPALS);
      const situation = pick(this.next, SITUATIONS);
      const expectation = expected(operation, sample, principal, situation);
      const changes =
        operation.method !== 'GET' && situation === 'own' && ![401, 403].includes(expectation?.statuses[0] ?? 0);
      if (!expectation || (changes && !REPEATABLE.has(operation.id))) continue;
      return { operation, sample, principal, situation, expectation };
    }
  }

  private matrixOf(ours: Company, other: Company): Matrix {
    const key = `${ours.slug} ${other.slug}`;
    const known = this.matrices.get(key);
    if (known) return known;
    const { app, population, companies } = this.world;
    const { stock, operator } = population;
    const third = companies.find((company) => company !== ours && company !== other)!;
    const matrix = new Matrix({ app, stock, operator, ours, other, suspended: third });
    this.matrices.set(key, matrix);
    return matrix;
  }

  private twoCompanies(): [Company, Company] {
    const ours = pick(this.next, this.world.companies);
    return [
      ours,
      pick(
        this.next,
        this.world.companies.filter((company) => company !== ours),
      ),
    ];
  }

  private ask(list: Operation, caller: Caller, query: Record<string, string>) {
    const url = `${list.path}?${new URLSearchParams(query).toString()}`;
    return exchange(this.world.app, list, { url, headers: {} }, { token: caller.token });
  }
}

/** A refusal may repeat what it refuses. */
function withoutEcho(body: string, query: Readonly<Record<string, string>>): string {
  return Object.values(query).reduce((text, value) => text.replaceAll(value, ''), body);
}
