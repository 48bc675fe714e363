import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MaruConfig } from '../config/config.js';
import { fastifyOptions } from './fastify-options.js';

const config = {
  server: { publicUrl: 'http://127.0.0.1:3000' },
  limits: { publicRequestsPerMinute: 60 },
} as MaruConfig;
let server: FastifyInstance;
beforeAll(async () => {
  server = fastify(fastifyOptions(config));
  await server.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => server.close());

async function answerTo(bytes: string): Promise<string> {
  const socket = net.connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

it.each([
  ['garbage', 'hello\r\n\r\n', 400, 'malformed-request'],
  ['TLS', '\x16\x03\x01\x02\x00\x01', 400, 'malformed-request'],
  ['an unknown method', 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'malformed-request'],
  ['NUL in a header', 'GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n', 400, 'malformed-request'],
  ['headers over the limit', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 413, 'payload-too-large'],
])('answers %s with a problem document', async (_name, bytes, status, code) => {
  const [head = '', body = ''] = (await answerTo(bytes)).split('\r\n\r\n');
  expect(head).toMatch(`HTTP/1.1 ${status} `);
  expect(head).toMatch('Content-Type: application/problem+json');
  expect(JSON.parse(body)).toMatchObject({ status, code, type: `http://127.0.0.1:3000/problems/${code}` });
});
