// What the clients ask for: few distinct inputs, each with one right answer.
import fs from 'node:fs';
import path from 'node:path';

const SAMPLES = {
  'surface-inspection': ['image', 'hanbit-weld-plate.png'],
  'digit-reader': ['image', 'dasan-parcel-label.png'],
};
/** Share of picture jobs: they cost the worker more than the api, so that work piles up. */
const IMAGES = 0.1;
/** Distinct series; every third has a spike. */
const SERIES = 24;

/** A job body for a tenant; `images` are its uploaded ones. Most are series of numbers, which cost least. */
export function requestOf(random, images) {
  if (images.length > 0 && random.next() < IMAGES) return random.pick(images);
  const n = Math.floor(random.next() * SERIES);
  const values = Array.from({ length: 64 + 8 * n }, (_, i) => Math.round(1000 * Math.sin(i / (7 + n))) / 1000);
  if (n % 3 === 0) values[40] = 9;
  return { analyzer: 'signal-anomaly', input: { values } };
}

/** Uploads the sample pictures of a tenant's analyzers; returns job bodies. */
export async function uploadImages(origin, tenant) {
  const bodies = [];
  for (const analyzer of tenant.analyzers.filter((slug) => SAMPLES[slug])) {
    const [field, name] = SAMPLES[analyzer];
    const form = new FormData();
    form.set('purpose', 'job_input');
    form.set('file', new Blob([fs.readFileSync(path.join('samples', name))]), name);
    const headers = { authorization: `Bearer ${tenant.apiKey}` };
    const response = await fetch(`${origin}/v1/files`, { method: 'POST', body: form, headers });
    if (response.status !== 201) throw new Error(`upload: ${response.status} ${await response.text()}`);
    bodies.push({ analyzer, input: { [field]: { fileId: (await response.json()).id } } });
  }
  return bodies;
}
