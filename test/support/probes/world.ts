import type { INestApplicationContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { base32OfUuid } from '../../../src/common/base32-uuid.js';
import { populate, type Population } from '../authorization/cast.js';
import type { Company } from '../authorization/company.js';
import { tenantTables } from '../authorization/tenant-rows.js';
import { ownerQuery as query } from '../owner-query.js';
import { HandWorker } from '../job-worker.js';
import { restOfRows } from './rest-of-rows.js';

const TENANTS = 3;
/** uuids, the part of a public id behind its prefix, and the names of the companies. */
const WORDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=_)[0-9a-hjkmnp-tv-z]{26}|m[0-9a-f]{14}/g;

/** Tenants that have a row in every table, and whose every id and name is known. */
export class World {
  private owners = new Map<string, Company>();

  private constructor(
    readonly app: NestFastifyApplication,
    readonly population: Population,
    readonly tables: readonly string[],
  ) {}

  get companies(): readonly Company[] {
    return this.population.companies;
  }

  static async found(app: NestFastifyApplication, worker: INestApplicationContext): Promise<World> {
    const population = await populate(app, worker, TENANTS);
    const hand = await HandWorker.start(worker, 'stage');
    for (const company of population.companies) {
      await runningJob(hand, population, company);
      for (const [text, values] of restOfRows(company)) await query(text, values);
    }
    const world = new World(app, population, await tenantTables());
    await world.learn();
    return world;
  }

  /** Tables in which a tenant has no row: nothing could leak from there, so nothing would be proved. */
  async emptyTables(): Promise<string[]> {
    const ids = this.companies.map(({ tenantId }) => tenantId);
    const counts = this.tables.map(
      (name) =>
        `select '${name}' as name, count(distinct tenant_id)::int as n from maru.${name} where tenant_id = any($1::uuid[])`,
    );
    const rows = await query<{ name: string; n: number }>(counts.join(' union all '), [ids]);
    return rows.filter(({ n }) => n < ids.length).map(({ name }) => name);
  }

  /** Words in a text that belong to somebody else. */
  leaksIn(text: string, reader: Company): string[] {
    const leaks = new Set<string>();
    for (const [word] of text.matchAll(WORDS)) {
      const owner = this.owners.get(word);
      if (owner && owner !== reader) leaks.add(`${word} of ${owner.slug}`);
    }
    return [...leaks];
  }

  /** Looks up every id that there is by now. */
  async learn(): Promise<void> {
    const owners = new Map<string, Company>();
    for (const company of this.companies) {
      for (const word of [company.slug, ...wordsOf(company.tenantId)]) owners.set(word, company);
      for (const id of await this.idsOf(company)) for (const word of wordsOf(id)) owners.set(word, company);
    }
    this.owners = owners;
  }

  private async idsOf({ tenantId }: Company): Promise<string[]> {
    const text = `select table_name as name from information_schema.columns
                   where table_schema = 'maru' and column_name = 'id' and data_type = 'uuid' and table_name = any($1)`;
    const tables = await query<{ name: string }>(text, [this.tables]);
    const parts = tables.map(({ name }) => `select id from maru.${name} where tenant_id = $1`);
    return (await query<{ id: string }>(parts.join(' union '), [tenantId])).map(({ id }) => id);
  }
}

function wordsOf(uuid: string): string[] {
  return [uuid, base32OfUuid(uuid)];
}

/** A job in the middle of its work: it has a part of its timeline already. */
async function runningJob(hand: HandWorker, { stock }: Population, company: Company): Promise<void> {
  await stock.newJob(company, 'interactive');
  const [journal] = await hand.claim(company.tenantId, 1);
  if (!journal) throw new Error('no job to run');
  hand.stage(journal, 'prepare');
  await hand.written();
}
