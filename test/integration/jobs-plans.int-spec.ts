import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestingModule } from '@nestjs/testing';
import { WorkerPool } from '../../src/database/role-pool.js';
import { ASKED_TO_CANCEL, CLAIM, CLOSE, RELEASE } from '../../src/jobs/duties/queue.sql.js';
import { FINISH, FINISH_CANCELING, INSPECT, PROGRESS, REQUEUE } from '../../src/jobs/recording/recording.sql.js';
import { databaseModule } from '../support/database-module.js';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'TID Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

describe('plans of the statements over the queue', () => {
  let module: TestingModule;

  beforeAll(async () => {
    module = await databaseModule();
    await module.get(WorkerPool, { strict: false }).query('vacuum maru.job_queue'); // the statistics say: empty
  });
  afterAll(() => module.close());

  it.each([
    ['claim', CLAIM, 5],
    ['progress', PROGRESS, 8],
    ['finish', FINISH, 16],
    ['finish of a canceled job', FINISH_CANCELING, 16],
    ['requeue', REQUEUE, 11],
    ['inspect', INSPECT, 6],
    ['release', RELEASE, 5],
    ['close', CLOSE, 7],
    ['asked to cancel', ASKED_TO_CANCEL, 3],
  ])('look rows up by key though the queue seems empty: %s', async (_, statement, parameters) => {
    const client = await module.get(WorkerPool, { strict: false }).connect();
    try {
      await client.query(`prepare planned as ${statement}`);
      const nulls = Array(parameters).fill('null').join(', ');
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `explain (verbose, format json) execute planned(${nulls})`,
      );
      const scans = nodesOf(rows[0]!['QUERY PLAN'][0].Plan).filter(
        (node) => node['Relation Name'] === 'job_queue' && node['Node Type'].endsWith('Scan'),
      );
      expect(scans.length).toBeGreaterThan(0);
      for (const scan of scans) expect(scan['TID Cond'] ?? scan['Index Cond']).toMatch(/ANY|k\.i|w\.t/);
    } finally {
      client.release(true); // the next test prepares under the same name
    }
  });
});
