import { exchange, requestOf } from '../authorization/exchange.js';
import { missingName } from '../authorization/kinds.js';
import { operationsOf } from '../authorization/operations.js';
import { sampleOf } from '../authorization/samples.js';
import { openApiDocument } from '../../../src/openapi.js';
import type { Tally } from './tally.js';
import type { World } from './world.js';

/** Reads of one thing by its id. */
const OPERATIONS = [
  'getFile',
  'getFileContent',
  'getJob',
  'getJobTimeline',
  'getModel',
  'getUpload',
  'listModelAliases',
];

/** How long the answer for an unknown id takes, one request at a time, foreign and missing ids by turns. */
export async function measureUnknownIds(
  { app, companies, population }: World,
  rounds: number,
  tally: Tally,
): Promise<void> {
  const [ours, other] = companies as [(typeof companies)[0], (typeof companies)[0]];
  const reads = operationsOf(openApiDocument(app)).filter(({ id }) => OPERATIONS.includes(id));
  for (let round = 0; round < rounds; round++) {
    for (const operation of reads) {
      const sample = sampleOf(operation);
      if (typeof sample === 'string') continue;
      for (const situation of ['foreign', 'missing'] as const) {
        const ids: Record<string, string> = {};
        for (const [name, kind] of Object.entries(sample.ids)) {
          const holder = { company: other, caller: other.owner };
          ids[name] = situation === 'missing' ? missingName(kind) : await population.stock.shared(kind, holder);
        }
        const request = requestOf(operation, sample, { situation, ids, own: {}, word: () => '' });
        const began = performance.now();
        await exchange(app, operation, request, { token: ours.owner.token });
        if (round > 0) tally.timings[situation].push(performance.now() - began); // the first round warms up
      }
    }
  }
}
