import { DataSource } from 'typeorm';
import { TenantDb } from '../../../src/database/tenant-db.js';
import { type Company, renewTokens } from '../authorization/company.js';
import { pick, seededRandom } from '../seeded-random.js';
import { type Belongings, belongingsOf } from './belongings.js';
import { HttpProbes } from './http-probes.js';
import { CHANGES, FINDS, LISTS } from './repository-probes.js';
import { type Rooms, MisledDb, roomsOver } from './rooms.js';
import { FAULTS, type TableProbes, tableProbes } from './row-probes.js';
import type { Tally } from './tally.js';
import { withoutRowSecurity } from './walls.js';
import type { World } from './world.js';

/** Over the ten connections of an API process: they change hands all the time. */
const FLOWS = 24;
const BOTH = 'both walls';
const POLICIES = 'row-level security alone';
const FILTERS = 'filters alone';
/** Probes for which the machine had no time. */
export const UNANSWERED = 'no answer in time';

type Probe = () => Promise<void>;

/** Random probes between the tenants of a world, first with both walls, then with each of them alone. */
export class ProbeRun {
  private readonly next: () => number;
  private readonly db: TenantDb;
  private readonly rooms: Rooms;
  private readonly misled = new Map<Company, Rooms>();
  private readonly http: HttpProbes;
  private renewedAt = performance.now();
  private belongings: Belongings[] = [];
  private tables: TableProbes[] = [];

  constructor(
    private readonly world: World,
    private readonly tally: Tally,
    seed: number,
  ) {
    this.next = seededRandom(seed);
    this.db = world.app.get(TenantDb, { strict: false });
    this.rooms = roomsOver(world.app, this.db);
    this.http = new HttpProbes(world, this.next);
    const dataSource = world.app.get(DataSource, { strict: false });
    for (const company of world.companies) {
      this.misled.set(company, roomsOver(world.app, new MisledDb(dataSource, company.tenantId)));
    }
  }

  /** Half of the probes meet both walls, a quarter each of them alone. */
  async run(probes: number): Promise<void> {
    await this.prepare();
    if ((await this.http.collectPageTokens()) === 0) throw new Error('there is no list of more than one page');
    await this.world.learn();
    await this.phase(Math.ceil(probes / 2), BOTH, [
      [4, () => this.repositoryProbe(BOTH)],
      [3, () => this.rowProbe(BOTH)],
      [4, () => this.httpProbe(BOTH)],
      [1, () => this.faultProbe(BOTH)],
    ]);
    await this.policiesAlone(Math.ceil(probes / 4));
    await withoutRowSecurity(this.world.tables, () =>
      this.phase(Math.ceil(probes / 4), FILTERS, [
        [4, () => this.repositoryProbe(FILTERS)],
        [4, () => this.httpProbe(FILTERS)],
        [1, () => this.faultProbe(FILTERS)],
      ]),
    );
  }

  /** No filter helps: statements without any, and the real ones with filters that name another tenant. */
  async policiesAlone(probes: number): Promise<void> {
    await this.prepare();
    await this.phase(probes, POLICIES, [
      [4, () => this.misledProbe()],
      [4, () => this.rowProbe(POLICIES)],
      [1, () => this.faultProbe(POLICIES)],
    ]);
  }

  private async prepare(): Promise<void> {
    const { companies, population, tables } = this.world;
    this.belongings = await Promise.all(companies.map((company) => belongingsOf(population.stock, company)));
    this.tables = await tableProbes(tables);
  }

  private async phase(count: number, name: string, mix: readonly (readonly [number, Probe])[]): Promise<void> {
    const probes = mix.flatMap(([weight, probe]) => Array<Probe>(weight).fill(probe));
    let left = count;
    const flow = async () => {
      while (left-- > 0) {
        await this.renewInTime();
        await pick(this.next, probes)().catch((error: Error) => this.noteUnanswered(name, error));
      }
    };
    await Promise.all(Array.from({ length: FLOWS }, flow));
  }

  /** A machine that stands still answers late: no finding, but a few of these at most. */
  private noteUnanswered(phase: string, error: Error): void {
    if (!/timeout/i.test(error.message)) throw error;
    this.tally.add(phase, UNANSWERED, 0, []);
  }

  /** Tokens live for five minutes. */
  private async renewInTime(): Promise<void> {
    if (performance.now() - this.renewedAt < 120_000) return;
    this.renewedAt = performance.now();
    const { companies, population } = this.world;
    await renewTokens([population.operator, ...companies.flatMap(({ callers }) => [...callers.values()])]);
  }

  /** The real repositories, asked by one tenant about the things of any. */
  private async repositoryProbe(phase: string): Promise<void> {
    const reader = pick(this.next, this.belongings);
    const about = pick(this.next, this.belongings);
    const isOwn = reader === about;
    const { tenantId } = reader.company;
    const kinds = isOwn ? { ...FINDS, ...LISTS } : { ...FINDS, ...LISTS, ...CHANGES };
    const [name, probe] = pick(this.next, Object.entries(kinds));
    const answer = await probe(this.rooms, tenantId, about);
    const faults = this.leaks(answer, reader.company, name);
    if (!isOwn && name in FINDS && !isNothing(answer)) faults.push(`${name} found something of another tenant`);
    if (isOwn && name in FINDS && isNothing(answer)) faults.push(`${name} does not find what is there`);
    this.tally.add(phase, 'repositories', sizeOf(answer), faults);
  }

  /** The real statements with filters that name another tenant than the transaction. */
  private async misledProbe(): Promise<void> {
    const reader = pick(this.next, this.belongings);
    const about = pick(
      this.next,
      this.belongings.filter((other) => other !== reader),
    );
    const [name, probe] = pick(this.next, Object.entries({ ...FINDS, ...LISTS, ...CHANGES }));
    const answer = await probe(this.misled.get(reader.company)!, about.company.tenantId, about);
    const faults = this.leaks(answer, reader.company, name);
    if (!(name in CHANGES) && !isNothing(answer)) faults.push(`${name} got something past row-level security`);
    this.tally.add(POLICIES, 'repositories, misled', sizeOf(answer), faults);
  }

  /** Statements without any filter. */
  private async rowProbe(phase: string): Promise<void> {
    const [own, foreign] = this.twoCompanies();
    const { table, reads, writes } = pick(this.next, this.tables);
    const isWrite = this.next() < 0.4;
    const answer = await pick(this.next, isWrite ? writes : reads)(this.db, own.tenantId, foreign.tenantId);
    const faults = this.leaks(answer, own, table);
    if (isWrite && answer !== 0) faults.push(`${table}: touched ${String(answer)} rows of another tenant`);
    this.tally.add(phase, isWrite ? 'writes without a filter' : 'reads without a filter', sizeOf(answer), faults);
  }

  private async httpProbe(phase: string): Promise<void> {
    const kind = this.next();
    const probe = kind < 0.7 ? 'matrixProbe' : kind < 0.95 ? 'listProbe' : 'abortedProbe';
    const faults = await this.http[probe]();
    const names = { matrixProbe: 'HTTP', listProbe: 'HTTP, foreign words', abortedProbe: 'HTTP, given up' };
    this.tally.add(phase, names[probe], 0, faults);
  }

  private async faultProbe(phase: string): Promise<void> {
    const [own, foreign] = this.twoCompanies();
    // A lost connection costs a new one; few of them are enough.
    const names = Object.keys(FAULTS).filter((name) => name !== 'lost connection' || this.next() < 0.2);
    await FAULTS[pick(this.next, names)]!(this.db, own.tenantId, foreign.tenantId);
    this.tally.add(phase, 'errors and time-outs', 0, []);
  }

  private leaks(answer: unknown, reader: Company, name: string): string[] {
    const text = JSON.stringify(answer, bytesAsText) ?? '';
    return this.world.leaksIn(text, reader).map((leak) => `${name} tells ${reader.slug} ${leak}`);
  }

  private twoCompanies(): [Company, Company] {
    const own = pick(this.next, this.world.companies);
    return [
      own,
      pick(
        this.next,
        this.world.companies.filter((company) => company !== own),
      ),
    ];
  }
}

function isNothing(answer: unknown): boolean {
  return (
    answer === null ||
    answer === undefined ||
    answer === 0 ||
    answer === false ||
    (Array.isArray(answer) && answer.length === 0)
  );
}

function sizeOf(answer: unknown): number {
  return JSON.stringify(answer, bytesAsText)?.length ?? 0;
}

function bytesAsText(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  const { type, data } = (value ?? {}) as { type?: unknown; data?: unknown };
  return type === 'Buffer' && Array.isArray(data) ? Buffer.from(data as number[]).toString('latin1') : value;
}
