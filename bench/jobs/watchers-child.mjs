/** Follows jobs over HTTP, one connection each, and notes when each event arrived. Driven by its parent's message; the first
 * `running` of the jobs will end. */
import http from 'node:http';

/** Connections that are being opened at a time. */
const OPENING = 100;

process.once('disconnect', () => process.exit(0));
process.once('message', async ({ port, jobs, running }) => {
  const arrivals = jobs.map(() => ({}));
  const ends = [];
  let next = 0;
  const opener = async () => {
    for (let i = next++; i < jobs.length; i = next++) ends[i] = await follow(port, jobs[i], arrivals[i]);
  };
  await Promise.all(Array.from({ length: OPENING }, opener));
  process.send('connected');
  await Promise.all(ends.slice(0, running).map(({ end }) => end));
  process.send(arrivals.slice(0, running), () => process.exit(0));
});

/** Resolves once the stream has begun; its `end` resolves when the server has closed it. */
function follow(port, { id, key }, arrivals) {
  const headers = { authorization: `Bearer ${key}`, accept: 'text/event-stream' };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: `/v1/jobs/${id}/stream`, headers, agent: false };
    const request = http.get(options, (response) => {
      if (response.statusCode !== 200) reject(new Error(`a stream was answered ${response.statusCode}`));
      let rest = '';
      const end = new Promise((closed) => response.once('close', closed));
      response.on('data', (chunk) => {
        const ms = performance.timeOrigin + performance.now();
        const lines = (rest + chunk).split('\n');
        rest = lines.pop();
        for (const line of lines) if (line.startsWith('id: ')) arrivals[line.slice(4)] ??= ms;
      });
      response.once('data', () => resolve({ end }));
    });
    request.on('error', reject);
  });
}
