import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { uuidOf } from '../../../src/common/ids.js';
import { scaling, tensorManifest } from '../model-uploads.js';
import { ownerQuery } from '../owner-query.js';
import { multipart } from './multipart.js';

/** Uploads a model, and makes it `ready` as its admission would. Resolves with its public id. */
export async function readyModel(
  app: NestFastifyApplication,
  path: '/v1/models' | '/v1/admin/models',
  token: string | null,
  slug: string,
): Promise<string> {
  const files = [{ field: 'files', name: 'model.onnx', content: scaling(2) }];
  const form = multipart({ manifest: JSON.stringify(tensorManifest(slug)) }, files);
  const headers = { ...form.headers, authorization: `Bearer ${token}` };
  const answer = await app.inject({ method: 'POST', url: path, headers, payload: form.payload });
  if (answer.statusCode !== 202) throw new Error(`${answer.statusCode} ${answer.body}`);
  const { id } = answer.json<{ id: string }>();
  const tensor = (name: string) => ({ name, type: 'float32', shape: ['n', 2] });
  const signature = { inputs: [tensor('x')], outputs: [tensor('y')], maxBatchSize: 16 };
  const text = `update maru.model_versions set status = 'ready', checked_at = now(), signature = $2 where id = $1`;
  await ownerQuery(text, [uuidOf('model', id), JSON.stringify(signature)]);
  return id;
}
