import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

const SAMPLES = {
  'surface-inspection': ['image', 'hanbit-weld-plate.png'],
  'digit-reader': ['image', 'dasan-parcel-label.png'],
  'signal-anomaly': ['file', 'pureun-turbine-vibration.csv'],
  'meter-reader': ['image', 'pureun-gas-meter.png'],
};
const SAMPLES_DIRECTORY = fileURLToPath(new URL('../../samples/', import.meta.url));

/**
 * Uploads the samples of each tenant's analyzers. Gives one entry for each pair: `{ tenant, byFile, inline }`, the same job
 * with its file uploaded before and with its file in the request; each is `{ body, headers }`.
 */
export async function prepareRequests(client, tenants) {
  const requests = [];
  for (const tenant of tenants) {
    for (const analyzer of tenant.analyzers) requests.push(await prepare(client, tenant, analyzer));
  }
  return requests;
}

async function prepare(client, tenant, analyzer) {
  const [field, name] = SAMPLES[analyzer];
  const file = new Blob([fs.readFileSync(SAMPLES_DIRECTORY + name)]);
  const upload = await multipart({ purpose: 'job_input', file: [file, name] });
  const { status, text } = await client.call(tenant, 'POST', '/v1/files', upload.body, upload.headers);
  if (status !== 201) throw new Error(`an upload was answered ${status}: ${text.slice(0, 200)}`);
  const input = { [field]: { fileId: JSON.parse(text).id } };
  const byFile = {
    body: JSON.stringify({ analyzer, input }),
    headers: { 'content-type': 'application/json' },
  };
  const request = new Blob([JSON.stringify({ analyzer, input: {} })], { type: 'application/json' });
  return { tenant, byFile, inline: await multipart({ request: [request], [field]: [file, name] }) };
}

async function multipart(parts) {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts)) form.set(name, ...[value].flat());
  const encoded = new Response(form);
  const body = Buffer.from(await encoded.arrayBuffer());
  return { body, headers: { 'content-type': encoded.headers.get('content-type') } };
}
