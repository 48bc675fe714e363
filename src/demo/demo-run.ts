import fs from 'node:fs/promises';
import path from 'node:path';
import type { MaruConfig } from '../config/config.js';
import { type Answer, DemoClient } from './demo-client.js';
import { type DemoTenantCredentials, readCredentials } from './demo-credentials.js';
import { DEMO_TENANTS, type DemoTenant } from './demo-tenants.js';
import { type PrintedTransition, resultLine, timelineLine } from './timeline-printer.js';

type Print = (line: string) => void;

/** Metadata that marks the first job of each demo tenant: it is submitted once in the life of the data. */
const MARK = { demo: 'first-run' };

/**
 * Runs one real job for each demo tenant over the HTTP API and prints its timeline as the stream tells it. A tenant
 * whose job exists already is only reported. Throws when the API refuses a job.
 */
export async function runDemoJobs(config: MaruConfig, print: Print): Promise<void> {
  const credentials = readCredentials(config);
  if (!credentials) return;
  for (const tenant of DEMO_TENANTS) {
    const own = credentials.tenants.find((t) => t.slug === tenant.slug);
    if (own) await runDemoJob(config, tenant, own, print);
  }
}

async function runDemoJob(
  config: MaruConfig,
  tenant: DemoTenant,
  own: DemoTenantCredentials,
  print: Print,
): Promise<void> {
  const { host, port } = config.server;
  const client = new DemoClient(`http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`, own.apiKey);
  const { analyzer, field, sample } = tenant.firstJob;
  print('');
  print(`${tenant.name}: ${analyzer} on ${path.join('samples', sample)}`);
  const before = await client.get(`/v1/jobs?limit=1&metadata[demo]=${MARK.demo}`);
  if (before.status !== 200) throw refused(before);
  const known = (before.body['data'] as { id: string }[] | undefined)?.[0];
  if (known) return report(client, known.id, 'done before', print);
  const request = { analyzer, input: {}, metadata: MARK };
  const content = await fs.readFile(path.join(config.storage.samplesDir, sample));
  const answer = await client.submit(request, field, sample, content);
  if (answer.status !== 202) throw refused(answer);
  const { body } = answer;
  const id = String(body['id']);
  print(`  ${id}`);
  await follow(client, id, String(body['createdAt']), print);
  await report(client, id, 'result', print);
}

function refused({ status, body }: Answer): Error {
  return new Error(`the API answered ${status}: ${String(body['detail'] ?? body['title'])}`);
}

async function follow(client: DemoClient, id: string, queuedAt: string, print: Print): Promise<void> {
  for await (const { event, data } of client.stream(`/v1/jobs/${id}/stream?afterSeq=0`)) {
    if (!['status', 'stage', 'done'].includes(event)) continue;
    print(timelineLine(data as unknown as PrintedTransition, queuedAt));
  }
}

async function report(client: DemoClient, id: string, label: string, print: Print): Promise<void> {
  const { status, body } = await client.get(`/v1/jobs/${id}/result`);
  if (status === 200) print(`  ${label}: ${resultLine(body['data'] as Record<string, unknown>)}`);
  else print(`  ${label}: no result (${String(body['detail'] ?? body['title'])})`);
}
