import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid, publicId } from '../../src/common/ids.js';
import { apiTenant, type ApiTenant } from '../support/api-tenant.js';
import { type RunningApi, startApi } from '../support/app.js';
import { query } from '../support/job-fixtures.js';
import { drawnPng, greyPng } from '../support/pictures.js';

const PNG = drawnPng(16, 16, (x) => x * 10);
const uri = (content: Buffer, type = 'image/png') => `data:${type};base64,${content.toString('base64')}`;
const image = { dataUri: uri(PNG) };
const BODY = { analyzer: 'surface-inspection', input: { image } };
const nested = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
/** What each fault must point at: pointer and code. */
type Faults = readonly (readonly [string, string])[];

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly errors: { pointer: string; code: string }[];
}

describe('bad input', () => {
  let api: RunningApi;
  let tenant: ApiTenant;
  let stranger: ApiTenant;

  beforeAll(async () => {
    api = await startApi();
    tenant = await apiTenant(api.app, 'surface-inspection', 'signal-anomaly');
    stranger = await apiTenant(api.app, 'surface-inspection');
  });
  afterAll(() => api.stop());

  const call = (path: string, init: RequestInit = {}, key = tenant.apiKey) =>
    fetch(api.baseUrl + path, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
  const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, path = '/v1/jobs') =>
    call(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const post = (body: unknown, headers: Record<string, string> = {}, path = '/v1/jobs') =>
    send(JSON.stringify(body), headers, path);
  const multipart = (request: unknown, ...parts: [string, Buffer, string][]) => {
    const form = new FormData();
    if (request !== undefined) form.set('request', typeof request === 'string' ? request : JSON.stringify(request));
    for (const [field, content, name] of parts) form.append(field, new Blob([new Uint8Array(content)]), name);
    return call('/v1/jobs', { method: 'POST', body: form });
  };
  const problemOf = async (answer: Response): Promise<Problem> => {
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    const problem = (await answer.json()) as Problem;
    expect(problem.status).toBe(answer.status);
    return problem;
  };
  const expectProblem = async (answer: Response, status: number, code: string, faults: Faults = []) => {
    const problem = await problemOf(answer);
    expect([problem.status, problem.code], JSON.stringify(problem)).toEqual([status, code]);
    expect(problem.errors.map((e) => [e.pointer, e.code])).toEqual(expect.arrayContaining(faults.map((f) => [...f])));
  };

  it('refuses a wrong password and an unknown tenant alike', async () => {
    const login = (body: unknown) => send(JSON.stringify(body), {}, '/v1/auth/login');
    const { email, password } = tenant.owner;
    expect((await login({ tenant: tenant.slug, email, password })).status).toBe(200);
    const answers = await Promise.all([
      login({ tenant: tenant.slug, email, password: 'wrong' }),
      login({ tenant: 'no-such-tenant', email, password }),
      login({ tenant: stranger.slug, email, password }),
    ]);
    const problems = await Promise.all(answers.map(async (a) => ({ ...(await problemOf(a)), requestId: '' })));
    expect(problems.map((p) => p.status)).toEqual([401, 401, 401]);
    expect(new Set(problems.map((p) => JSON.stringify(p))).size).toBe(1);
  });

  it.each([
    ['no credential', {}],
    ['a made-up key', { authorization: 'Bearer mk_live_0000000000000000' }],
    ['no token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
  ])('refuses %s', async (_name, headers) => {
    await expectProblem(await fetch(`${api.baseUrl}/v1/jobs`, { headers }), 401, 'unauthenticated');
  });

  it.each<[string, unknown, Faults]>([
    ['an unknown analyzer', { ...BODY, analyzer: 'no-such-analyzer' }, [['/analyzer', 'unknown_analyzer']]],
    ['an analyzer of others', { ...BODY, analyzer: 'digit-reader' }, [['/analyzer', 'unknown_analyzer']]],
    ['an unknown version', { ...BODY, analyzerVersion: '99' }, [['/analyzerVersion', 'unknown_version']]],
    ['an unknown field', { ...BODY, colour: 'red' }, [['/colour', 'unknown_field']]],
    ['no input', { analyzer: 'surface-inspection' }, [['/input', 'required']]],
    ['an input that is no object', { ...BODY, input: [] }, [['/input', 'not_object']]],
    ['an unknown input field', { ...BODY, input: { image, x: 1 } }, [['/input/x', 'unknown_property']]],
    [
      'a prototype in the input',
      { ...BODY, input: { image, constructor: {} } },
      [['/input/constructor', 'reserved_name']],
    ],
    ['a deep input', { ...BODY, input: { image: nested(1_000) } }, [[`/input/image${'/a'.repeat(30)}`, 'too_deep']]],
    ['NUL in a version', { ...BODY, analyzerVersion: '\0' }, [['/analyzerVersion', 'bad_text']]],
    [
      'metadata that would be lost',
      { ...BODY, metadata: { constructor: 'x' } },
      [['/metadata/constructor', 'reserved_name']],
    ],
    ['a deadline on February 30', { ...BODY, deadline: '2036-02-30T00:00:00Z' }, [['/deadline', 'bad_format']]],
    ['a missing picture', { ...BODY, input: {} }, [['/input/image', 'required']]],
    ['a threshold out of range', { ...BODY, input: { image, threshold: 7 } }, [['/input/threshold', 'too_large']]],
    ['a threshold in words', { ...BODY, input: { image, threshold: 'high' } }, [['/input/threshold', 'wrong_type']]],
    [
      'a bare file id',
      { ...BODY, input: { image: 'file_01m8323f50ecdtnmz19wr9rz7h' } },
      [['/input/image', 'wrong_type']],
    ],
    [
      'two ways at once',
      { ...BODY, input: { image: { ...image, fileId: 'file_01m8323f50ecdtnmz19wr9rz7h' } } },
      [['/input/image', 'one_of']],
    ],
    [
      'an unknown file',
      { ...BODY, input: { image: { fileId: publicId('file', newUuid()) } } },
      [['/input/image', 'unknown_file']],
    ],
    [
      'an id of another kind',
      { ...BODY, input: { image: { fileId: publicId('job', newUuid()) } } },
      [['/input/image/fileId', 'bad_format']],
    ],
    [
      'text under a picture type',
      { ...BODY, input: { image: { dataUri: uri(Buffer.from('hello world')) } } },
      [['/input/image', 'unsupported_type']],
    ],
    [
      'a picture of 900 megapixels',
      { ...BODY, input: { image: { dataUri: uri(greyPng(30_000, 30_000)) } } },
      [['/input/image', 'too_many_pixels']],
    ],
    [
      'a data URI that is none',
      { ...BODY, input: { image: { dataUri: 'data:image/png,x' } } },
      [['/input/image/dataUri', 'bad_format']],
    ],
    [
      'a large data URI',
      { ...BODY, input: { image: { dataUri: uri(Buffer.alloc(300_000)) } } },
      [['/input/image/dataUri', 'too_large']],
    ],
    ['a past deadline', { ...BODY, deadline: '2020-01-01T00:00:00Z' }, [['/deadline', 'in_the_past']]],
    ['a deadline in words', { ...BODY, deadline: 'tomorrow' }, [['/deadline', 'matches']]],
    ['eleven attempts', { ...BODY, retry: { maxAttempts: 11 } }, [['/retry/maxAttempts', 'max']]],
    ['an unknown retry field', { ...BODY, retry: { forever: true } }, [['/retry/forever', 'unknown_field']]],
    ['an unknown priority', { ...BODY, priority: 'urgent' }, [['/priority', 'not_in']]],
    ['a NUL in metadata', { ...BODY, metadata: { k: '\0' } }, [['/metadata/k', 'bad_text']]],
    ['numbers in metadata', { ...BODY, metadata: { k: 1 } }, [['/metadata', 'not_metadata']]],
    ['a list for a body', [], [['', 'not_object']]],
    ['nothing for a body', null, [['', 'not_object']]],
  ])('refuses %s with a pointer', async (_name, body, faults) => {
    await expectProblem(await post(body), 422, 'validation-failed', faults);
  });

  it('refuses another tenant’s file and analyzer as unknown ones', async () => {
    const mine = (await (await post(BODY, {})).json()) as { input: { image: { fileId: string } } };
    const theirs = await call(
      '/v1/jobs',
      {
        method: 'POST',
        body: JSON.stringify({ ...BODY, input: mine.input }),
        headers: { 'content-type': 'application/json' },
      },
      stranger.apiKey,
    );
    await expectProblem(theirs, 422, 'validation-failed', [['/input/image', 'unknown_file']]);
    const [foreign, unknown] = await Promise.all(
      ['digit-reader', 'no-such-analyzer'].map(
        async (analyzer) => (await problemOf(await post({ ...BODY, analyzer }))).errors,
      ),
    );
    expect(foreign).toEqual(unknown);
  });

  it.each([
    'analyzer=%00',
    'metadata[__proto__]=x',
    'metadata[constructor]=x',
    'metadata[a]=%00',
    'createdAfter=2026-02-30T00:00:00Z',
  ])('refuses the filter %s', async (filter) => {
    await expectProblem(await call(`/v1/jobs?${filter}`), 400, 'malformed-request');
  });

  it('refuses NUL in what is looked up before anybody signed in', async () => {
    for (const body of [{ tenant: '\0' }, { email: 'a\0@b.example' }]) {
      const login = { tenant: tenant.slug, email: tenant.owner.email, password: 'x', ...body };
      await expectProblem(await post(login, {}, '/v1/auth/login'), 422, 'validation-failed');
    }
    expect((await fetch(`${api.baseUrl}/t/%00`)).status).toBe(404);
  });

  it('answers a thousand faults with a hundred', async () => {
    const faulty = { analyzer: 'signal-anomaly', input: { values: Array.from({ length: 1_000 }, () => 'x') } };
    expect((await problemOf(await post(faulty))).errors).toHaveLength(100);
  });

  it('refuses bodies that cannot be read', async () => {
    for (const broken of ['{"analyzer":', 'hello', '', '{"a":1}}', '{"__proto__":{"x":1}}']) {
      await expectProblem(await send(broken), 400, 'malformed-request');
    }
    await expectProblem(await send('<a/>', { 'content-type': 'application/xml' }), 415, 'unsupported-media-type');
    await expectProblem(await send(Buffer.alloc(50 * 2 ** 20, 0x20)), 413, 'payload-too-large');
  });

  it('refuses bad multipart bodies', async () => {
    const request = { analyzer: 'surface-inspection', input: {} };
    const picture: [string, Buffer, string] = ['image', PNG, 'a.png'];
    await expectProblem(await multipart(undefined, picture), 422, 'validation-failed', [['', 'required']]);
    await expectProblem(await multipart('{broken', picture), 400, 'malformed-request');
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const nameless = '--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n';
    for (const path of ['/v1/jobs', '/v1/files']) {
      await expectProblem(await send(nameless, headers, path), 400, 'malformed-request');
      const long = { 'content-type': `multipart/form-data; boundary=${'x'.repeat(300)}` };
      await expectProblem(await send(nameless, long, path), 400, 'malformed-request');
    }
    await expectProblem(await multipart(request), 422, 'validation-failed', [['/input/image', 'required']]);
    await expectProblem(await multipart(request, picture, ['other', PNG, 'b.png']), 422, 'validation-failed', [
      ['/input/other', 'unknown_part'],
    ]);
    await expectProblem(await multipart(request, picture, picture), 422, 'validation-failed', [
      ['/input/image', 'given_twice'],
    ]);
    await expectProblem(await multipart(BODY, picture), 422, 'validation-failed', [['/input/image', 'given_twice']]);
    await expectProblem(
      await multipart(request, ['image', Buffer.from('just text'), 'a.png']),
      422,
      'validation-failed',
      [['/input/image', 'unsupported_type']],
    );
    await expectProblem(
      await multipart(request, ['image', greyPng(30_000, 30_000), 'a.png']),
      422,
      'validation-failed',
      [['/input/image', 'too_many_pixels']],
    );
    await expectProblem(
      await multipart(request, ['image', Buffer.alloc(11 * 2 ** 20), 'a.png']),
      413,
      'payload-too-large',
    );
    await expectProblem(
      await multipart(request, ['image', Buffer.alloc(50 * 2 ** 20), 'a.png']),
      413,
      'payload-too-large',
    );
    const cut = await send('--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc', {
      'content-type': 'multipart/form-data; boundary=x',
    });
    await expectProblem(cut, 400, 'malformed-request');
  });

  it.each([
    ['GET', '/v1/jobs?limit=-1'],
    ['GET', '/v1/jobs?limit=many'],
    ['GET', '/v1/jobs?status=lost'],
    ['GET', '/v1/jobs?order=sideways'],
    ['GET', '/v1/jobs?createdAfter=yesterday'],
    ['GET', '/v1/jobs?createdAfter=2026-99-99T00:00:00Z'],
    ['GET', '/v1/jobs?unknown=1'],
    ['GET', '/v1/jobs?metadata=1'],
    ['GET', '/v1/jobs?analyzer=a&analyzer=b'],
    ['GET', '/v1/analyzers?limit=-1'],
    ['POST', '/v1/jobs?validateOnly=maybe'],
    ['POST', '/v1/jobs?dryRun=true'],
  ])('refuses %s %s as malformed', async (method, path) => {
    const body = method === 'POST' ? { body: JSON.stringify(BODY) } : {};
    const answer = await call(path, { method, ...body, headers: { 'content-type': 'application/json' } });
    await expectProblem(answer, 400, 'malformed-request');
  });

  it('refuses bad cursors, waits and headers, and ignores a preference that it cannot understand', async () => {
    const job = (await (await post(BODY)).json()) as { id: string };
    const paths = [
      '?wait=-1',
      '?wait=soon',
      '?wait=1&wait=2',
      '/timeline?afterSeq=-1',
      '/timeline?afterSeq=x',
      '/stream?afterSeq=x',
    ];
    for (const path of paths) await expectProblem(await call(`/v1/jobs/${job.id}${path}`), 400, 'malformed-request');
    await expectProblem(
      await call(`/v1/jobs/${job.id}/stream`, { headers: { 'last-event-id': 'x' } }),
      400,
      'malformed-request',
    );
    await expectProblem(await call('/v1/jobs?pageToken=made-up-token'), 400, 'invalid-page-token');
    await expectProblem(await post(BODY, { 'idempotency-key': 'x'.repeat(256) }), 400, 'malformed-request');
    await expectProblem(await post(BODY, { 'cancel-after': 'soon' }), 400, 'malformed-request');
    const ignored = await post(BODY, { prefer: 'wait=banana' });
    expect([ignored.status, ignored.headers.get('preference-applied')]).toEqual([202, null]);
    await expectProblem(await call(`/v1/jobs/${job.id}/result`), 409, 'result-not-available');
  });

  it('stores nothing of a refused request', async () => {
    const before = await query(
      'select (select count(*) from maru.files) as files, (select count(*) from maru.jobs) as jobs',
    );
    await post({ ...BODY, input: { image, threshold: 7 } });
    await multipart({ analyzer: 'surface-inspection', input: { threshold: 7 } }, ['image', PNG, 'a.png']);
    await post({ ...BODY, colour: 'red' }, { 'idempotency-key': 'never-saved' });
    const after = await query(
      'select (select count(*) from maru.files) as files, (select count(*) from maru.jobs) as jobs',
    );
    expect(after).toEqual(before);
    expect((await post(BODY, { 'idempotency-key': 'never-saved' })).status).toBe(202);
  });
});
