import type { INestApplicationContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Principals } from '../../../src/auth/principals.js';
import { ownerQuery as query } from '../owner-query.js';
import { HandWorker } from '../job-worker.js';
import { type Caller, type Company, newCompany, newOperator } from './company.js';
import type { Cast } from './matrix.js';
import { type Holder, type KindName, KINDS } from './kinds.js';
import { Stock } from './stock.js';

const ANALYZERS = ['digit-reader', 'signal-anomaly', 'surface-inspection'];

/** Tenants with all their callers, one of everything that can be named, and whoever makes more of it. */
export interface Population {
  readonly stock: Stock;
  readonly operator: Caller;
  readonly companies: readonly Company[];
}

/** @param worker whatever holds the worker's half of the job engine */
export async function populate(
  app: NestFastifyApplication,
  worker: INestApplicationContext,
  count: number,
): Promise<Population> {
  const operator = await newOperator(app);
  const stock = new Stock(app, await HandWorker.start(worker), operator);
  const companies: Company[] = [];
  for (let i = 0; i < count; i++) companies.push(await newCompany(app, operator, ANALYZERS));
  for (const company of companies) {
    for (const caller of [...company.callers.values(), operator]) await fill(stock, { company, caller });
  }
  return { stock, operator, companies };
}

/** Three tenants, the last one suspended. */
export async function newCast(app: NestFastifyApplication, worker: INestApplicationContext): Promise<Cast> {
  const { stock, operator, companies } = await populate(app, worker, 3);
  const [ours, other, suspended] = companies as [Company, Company, Company];
  await query(`update maru.tenants set status = 'suspended' where id = $1`, [suspended.tenantId]);
  app.get(Principals, { strict: false }).forget(); // what 5 s would do
  return { app, stock, operator, ours, other, suspended };
}

async function fill(stock: Stock, holder: Holder): Promise<void> {
  for (const kind of Object.keys(KINDS) as KindName[]) await stock.shared(kind, holder);
}
