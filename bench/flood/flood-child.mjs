// A client in a process of its own, so that its work does not delay what is measured: it submits at a rate whatever comes
// back. Messages: `{ origin, requests, ratePerS, deadlineMs }` starts it, `{ stop: true }` ends it with its counts.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../product/client.mjs';

/** Submits that may be unanswered: above that a client has no sockets left. */
const MAX_OPEN = 128;

const counts = { sent: 0, accepted: 0, refused: {}, skipped: 0, errors: 0 };
let isStopped = false;
let running = Promise.resolve();

process.on('message', (message) => {
  if (message.stop) void stop();
  else running = flood(message);
});
process.on('disconnect', () => process.exit(0));

async function flood({ origin, requests, ratePerS, deadlineMs }) {
  const client = new Client(origin, { maxSockets: MAX_OPEN });
  const from = performance.now();
  const open = new Set();
  for (let n = 0; !isStopped;) {
    const due = ((performance.now() - from) * ratePerS) / 1_000;
    for (; n < due; n++) {
      if (open.size >= MAX_OPEN) {
        counts.skipped++;
        continue;
      }
      const sent = submit(client, requests[n % requests.length], deadlineMs).finally(() => open.delete(sent));
      open.add(sent);
    }
    await sleep(5);
  }
  await Promise.race([Promise.all(open), sleep(5_000, undefined, { ref: false })]);
  client.close();
}

async function submit(client, { tenant, byFile }, deadlineMs) {
  counts.sent++;
  const deadline = deadlineMs === null ? {} : { deadline: new Date(Date.now() + deadlineMs).toISOString() };
  const body = JSON.stringify({ ...JSON.parse(byFile.body), ...deadline });
  try {
    const { status } = await client.call(tenant, 'POST', '/v1/jobs', body, byFile.headers);
    if (status === 202) counts.accepted++;
    else counts.refused[status] = (counts.refused[status] ?? 0) + 1;
  } catch {
    counts.errors++;
  }
}

async function stop() {
  isStopped = true;
  await running;
  process.send(counts, () => process.exit(0));
}
