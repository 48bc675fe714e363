import fs from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { multipart } from '../support/authorization/multipart.js';
import { query } from '../support/job-fixtures.js';
import { jobsHttp, storedTenant } from '../support/jobs-http.js';
import { mutated } from '../support/mutations.js';
import { drawnPng } from '../support/pictures.js';
import { pick, seededRandom } from '../support/seeded-random.js';

/** How many damaged requests; `npm run fuzz:inputs -- --count N --seed S` asks for more of them. */
const COUNT = Number(process.env['FUZZ_COUNT'] ?? 1_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const AT_ONCE = 8;
const IMAGE = drawnPng(24, 24, (x, y) => x * y);
const CSV = Buffer.from(`time,value\n${Array.from({ length: 64 }, (_, i) => `${i},${Math.sin(i)}`).join('\n')}\n`);

/** Well-formed bodies of both kinds; what is damaged is one of them as a whole, or one of its parts. */
const WELL_FORMED: readonly ((random: () => number) => { payload: Buffer; headers: Record<string, string> })[] = [
  () => jobForm('surface-inspection', 'image', 'plate.png', IMAGE),
  (random) => jobForm('surface-inspection', 'image', 'plate.png', mutated(IMAGE, random)),
  (random) => jobForm('signal-anomaly', 'file', 'signal.csv', mutated(CSV, random)),
  () => json({ analyzer: 'surface-inspection', input: { image: { dataUri: dataUriOf(IMAGE) } }, metadata: { a: '1' } }),
  (random) =>
    json({ analyzer: 'surface-inspection', input: { image: { dataUri: dataUriOf(mutated(IMAGE, random)) } } }),
  () =>
    json({
      analyzer: 'signal-anomaly',
      input: { values: Array.from({ length: 40 }, (_, i) => i % 7) },
      priority: 'bulk',
    }),
];

let app: NestFastifyApplication;
let tenant: string;

beforeAll(async () => {
  ({ app } = await jobsHttp());
  tenant = await storedTenant('surface-inspection', 'signal-anomaly');
  await query('update maru.tenants set max_queued_jobs = 1000000 where id = $1', [tenant]);
});
afterAll(() => app.close());

it(`answers ${COUNT} damaged requests with a job or with a problem`, { timeout: 3_600_000 }, async () => {
  const random = seededRandom(SEED);
  const statuses: Record<number, number> = {};
  let accepted = 0;
  const one = async (i: number): Promise<void> => {
    const { payload, headers } = pick(random, WELL_FORMED)(random);
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/jobs',
      headers: { ...headers, authorization: `Bearer ${tenant}` },
      payload: random() < 0.8 ? mutated(payload, random) : payload,
    });
    statuses[answer.statusCode] = (statuses[answer.statusCode] ?? 0) + 1;
    const what = `seed ${SEED}, request ${i}: ${answer.statusCode} ${answer.payload.slice(0, 300)}`;
    if (answer.statusCode === 202) accepted++;
    else expect(answer.json(), what).toMatchObject({ status: answer.statusCode, code: expect.any(String) });
    expect(answer.statusCode, what).toBeLessThan(500);
  };
  for (let i = 0; i < 200; i += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => one(i + n)));
  const files = openFiles();
  for (let i = 200; i < COUNT; i += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => one(i + n)));
  process.stdout.write(`seed ${SEED}: ${JSON.stringify({ requests: COUNT, statuses })}\n`);
  expect(openFiles() - files).toBeLessThanOrEqual(AT_ONCE);
  const [stored] = await query<{ jobs: string }>('select count(*) as jobs from maru.jobs where tenant_id = $1', [
    tenant,
  ]);
  expect(Number(stored!.jobs)).toBe(accepted);
  expect(accepted).toBeGreaterThan(0);
  expect(accepted).toBeLessThan(COUNT);
});

function openFiles(): number {
  return fs.readdirSync('/proc/self/fd').length;
}

function jobForm(analyzer: string, field: string, name: string, content: Buffer) {
  return multipart({ request: JSON.stringify({ analyzer, input: {} }) }, [{ field, name, content }]);
}

function json(body: object) {
  return { payload: Buffer.from(JSON.stringify(body)), headers: { 'content-type': 'application/json' } };
}

function dataUriOf(content: Buffer): string {
  return `data:image/png;base64,${content.toString('base64')}`;
}
