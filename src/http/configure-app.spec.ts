import { randomBytes } from 'node:crypto';
import { Body, Controller, Get, Module, Post, Query, Req } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Type } from 'class-transformer';
import { IsInt, IsString, Max, ValidateNested } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MaruConfig, Secrets } from '../config/config.js';
import { configureApp } from './configure-app.js';
import { fastifyOptions } from './fastify-options.js';
import { PageTokens } from './page-tokens.js';
import { PageQueryDto } from './page-query.dto.js';
import { ProblemsController } from './problems.controller.js';

class Inner {
  @IsInt()
  @Max(5)
  'a/b~': number;
}

class ThingDto {
  @IsString()
  name: string;

  @ValidateNested({ each: true })
  @Type(() => Inner)
  list: Inner[];
}

@Controller('v1/things')
class ThingsController {
  @Post()
  create(@Body() body: ThingDto) {
    return { name: body.name };
  }

  @Get()
  list(@Query() query: PageQueryDto) {
    return { limit: query.limit };
  }

  @Get('broken')
  broken() {
    throw new Error('the password is hunter2');
  }

  @Post('upload')
  async upload(@Req() request: FastifyRequest) {
    const names: string[] = [];
    for await (const part of request.parts()) names.push(part.fieldname);
    return { names };
  }
}

@Module({
  controllers: [ThingsController, ProblemsController],
  providers: [PageTokens, { provide: Secrets, useValue: new Secrets(randomBytes(32)) }],
})
class ThingsModule {}

const config = {
  server: { publicUrl: 'http://127.0.0.1:3000' },
  limits: { maxBodyBytes: 4 * 2 ** 20, publicRequestsPerMinute: 1_000 },
} as MaruConfig;
let app: NestFastifyApplication;
beforeAll(async () => {
  const module = await Test.createTestingModule({ imports: [ThingsModule] }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(fastifyOptions(config)), {
    logger: false,
  });
  await configureApp(app, config);
  await app.init();
});
afterAll(() => app.close());

const post = (payload: string, headers: Record<string, string> = {}, url = '/v1/things') =>
  app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } });

describe('every error is a problem document', () => {
  it('with all members, the ids of the request, and never in a cache', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const headers = { 'x-request-id': 'my-1', traceparent };
    const answer = await app.inject({ url: '/v1/nowhere?secret=1', headers });
    expect(answer.statusCode).toBe(404);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'x-request-id': 'my-1',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'api-version': '2026-11-01',
    });
    expect(answer.json()).toEqual({
      type: 'http://127.0.0.1:3000/problems/not-found',
      title: 'Not found',
      status: 404,
      detail: 'There is nothing at this address, or it is not yours.',
      instance: '/v1/nowhere',
      code: 'not-found',
      requestId: 'my-1',
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      retryable: false,
      retryAfter: null,
      errors: [],
    });
  });

  const XML = { 'content-type': 'text/xml' };
  it.each([
    ['broken JSON', '{', {}, 400, 'malformed-request'],
    ['an empty body', '', {}, 400, 'malformed-request'],
    ['a prototype', '{"__proto__":{"x":1}}', {}, 400, 'malformed-request'],
    ['another type', '<a/>', XML, 415, 'unsupported-media-type'],
    ['a body over 1 MiB', `{"name":"${'x'.repeat(2 ** 20)}"}`, {}, 413, 'payload-too-large'],
    ['a list', '[]', {}, 422, 'validation-failed'],
    ['a text', '"text"', {}, 422, 'validation-failed'],
    ['null', 'null', {}, 422, 'validation-failed'],
  ])('for %s', async (_name, body, headers, status, code) => {
    const answer = await post(body, headers);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toMatchObject({ status, code });
    expect(answer.statusCode).toBe(status);
  });

  it('names every field at fault by its pointer', async () => {
    const answer = await post(JSON.stringify({ name: 5, list: [{ 'a/b~': 1 }, { 'a/b~': 9, more: 1 }], extra: true }));
    expect((answer.json() as { errors: object[] }).errors).toEqual(
      expect.arrayContaining([
        { pointer: '/extra', code: 'unknown_field', message: 'is not a field of this request' },
        { pointer: '/name', code: 'not_string', message: 'must be a string' },
        { pointer: '/list/1/more', code: 'unknown_field', message: 'is not a field of this request' },
        { pointer: '/list/1/a~1b~0', code: 'max', message: 'must not be greater than 5' },
      ]),
    );
    const missing = await post('{"list":[]}');
    expect(missing.json()).toMatchObject({ errors: [{ pointer: '/name', code: 'required' }] });
  });

  it('refuses a bad query with 400', async () => {
    expect((await app.inject({ url: '/v1/things?limit=300' })).json()).toEqual({ limit: 200 });
    const answer = await app.inject({ url: '/v1/things?limit=-1' });
    expect(answer.json()).toMatchObject({ status: 400, code: 'malformed-request', errors: [{ pointer: '/limit' }] });
    expect((await app.inject({ url: '/v1/things?other=1' })).statusCode).toBe(400);
  });

  it.each([
    ['NUL in a text', '{"name":"a\\u0000b","list":[]}', '/name', 'bad_text'],
    ['half a character', '{"name":"\\ud800","list":[]}', '/name', 'bad_text'],
    ['10,000 levels', `{"name":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`, '/name/a', 'too_deep'],
    ['a reserved name', '{"name":"a","list":[],"constructor":1}', '/constructor', 'reserved_name'],
  ])('refuses %s before validation', async (_name, body, pointer, code) => {
    const answer = await post(body);
    expect(answer.json()).toMatchObject({ status: 422, errors: [{ code }] });
    expect((answer.json() as { errors: { pointer: string }[] }).errors[0]!.pointer).toContain(pointer);
  });

  it('answers with at most 100 faults', async () => {
    const body = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`k${i}`, i]));
    const answer = (await post(JSON.stringify(body))).json() as { errors: object[]; detail: string };
    expect(answer.errors).toHaveLength(100);
    expect(answer.detail).toMatch(/; and \d+ more$/);
  });

  it.each([
    ['/v1/things/%zz', 400, 'malformed-request'],
    ['/v1/things/%ed%a0%80', 400, 'malformed-request'],
    [`/problems/${'a'.repeat(300)}`, 404, 'not-found'],
  ])('for the path %s', async (url, status, code) => {
    const answer = await app.inject({ url });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json', 'api-version': '2026-11-01' });
    expect(answer.json()).toMatchObject({ status, code });
    expect(answer.statusCode).toBe(status);
  });

  it('tells nothing of an unforeseen error', async () => {
    const answer = await app.inject({ url: '/v1/things/broken' });
    expect(answer.json()).toMatchObject({ status: 500, code: 'internal-error' });
    expect(answer.body).not.toContain('hunter2');
    expect(answer.body).not.toContain('stack');
  });

  it('refuses a multipart body where none is expected, and something else where one is', async () => {
    const boundary = { 'content-type': 'multipart/form-data; boundary=x' };
    const empty = await post('--x--\r\n', boundary);
    expect(empty.json()).toMatchObject({ code: 'validation-failed' });
    expect((await post('{}', {}, '/v1/things/upload')).json()).toMatchObject({
      status: 415,
      code: 'unsupported-media-type',
    });
    const part = (i: number) => `--x\r\nContent-Disposition: form-data; name="f${i}"\r\n\r\n1\r\n`;
    const many = `${Array.from({ length: 40 }, (_, i) => part(i)).join('')}--x--\r\n`;
    expect((await post(many, boundary, '/v1/things/upload')).json()).toMatchObject({
      status: 413,
      code: 'payload-too-large',
    });
    const nameless = await post(
      '--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n',
      { 'content-type': `multipart/form-data; boundary=${'x'.repeat(300)}` },
      '/v1/things/upload',
    );
    expect(nameless.json()).toMatchObject({ status: 400, code: 'malformed-request' });
    const cut = await post(part(1).slice(0, -8), boundary, '/v1/things/upload');
    expect(cut.json()).toMatchObject({ status: 400, code: 'malformed-request' });
  });
});

describe('GET /problems/{slug}', () => {
  it('explains a problem', async () => {
    const answer = await app.inject({ url: '/problems/tenant-suspended' });
    expect(answer.json()).toMatchObject({ object: 'problem_type', code: 'tenant-suspended', status: 403 });
    expect((await app.inject({ url: '/problems/constructor' })).statusCode).toBe(404);
  });
});
