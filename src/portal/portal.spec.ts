import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServerConfig, StorageConfig } from '../config/config.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import type { PublicTenant } from '../tenants/tenant.js';
import { HEAD_MARK } from './app-html.js';
import { BrandFilesController } from './brand-files.controller.js';
import { compileBrand } from './brand/compile-brand.js';
import { BrandingController } from './branding.controller.js';
import { PagesController } from './pages.controller.js';
import { VisitorRealm } from './visitor-realm.js';
import { WebBundle } from './web-bundle.js';

function tenant(id: string, slug: string, name: string, primary: string): PublicTenant {
  const { doc, css, cssSha256 } = compileBrand({ schema: 1, identity: { name, shortName: name }, theme: { primary } });
  return { id, slug, name, status: 'active', brand: { version: 1, doc: { ...doc }, css, cssSha256 } };
}

const HANBIT = tenant('01961f3b-1a2b-7c3d-8e4f-5a6b7c8d9e0f', 'hanbit', 'Hanbit <b>"&', '#fee500');
const DARIM = tenant('01961f3b-1a2b-7c3d-8e4f-5a6b7c8d9e10', 'darim', 'Darim', '#a50034');
const PAUSED: PublicTenant = {
  ...DARIM,
  id: '01961f3b-1a2b-7c3d-8e4f-5a6b7c8d9e11',
  slug: 'paused',
  status: 'suspended',
};
const ALL = [HANBIT, DARIM, PAUSED];
const directory: Pick<TenantDirectory, 'byHost' | 'bySlug' | 'byId'> = {
  byHost: async (host) => ALL.find((t) => host.startsWith(`${t.slug}.localhost`)) ?? null,
  bySlug: async (slug) => ALL.find((t) => t.slug === slug) ?? null,
  byId: async (id) => ALL.find((t) => t.id === id) ?? null,
};

const webDir = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-web-'));
let app: NestFastifyApplication;

beforeAll(async () => {
  fs.mkdirSync(path.join(webDir, 'assets'));
  fs.writeFileSync(path.join(webDir, 'assets', 'app-abc.js'), 'export {};');
  const page = `<!doctype html><html lang="ko"><head>${HEAD_MARK}<title>Maru</title></head></html>`;
  for (const name of ['portal', 'console']) fs.writeFileSync(path.join(webDir, `${name}.html`), page);
  const server: ServerConfig = {
    host: '127.0.0.1',
    port: 3000,
    publicUrl: 'http://127.0.0.1:3000',
    production: false,
    logLevel: 'error',
  };
  const built = await Test.createTestingModule({
    controllers: [BrandingController, BrandFilesController, PagesController],
    providers: [
      VisitorRealm,
      WebBundle,
      { provide: TenantDirectory, useValue: directory },
      { provide: ServerConfig, useValue: server },
      { provide: StorageConfig, useValue: { webDir } },
    ],
  }).compile();
  app = built.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  app.useGlobalFilters(new ProblemFilter(server));
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});
afterAll(async () => {
  await app.close();
  fs.rmSync(webDir, { recursive: true });
});

const get = (url: string, host = '127.0.0.1:3000') => app.inject({ method: 'GET', url, headers: { host } });
const linkOf = (html: string) => /href="(\/brand\/[^"]+\.css)"/.exec(html)?.[1] ?? '';

test.each(['/', '/login', '/new/digit-reader', '/jobs', '/jobs/job_1'])(
  '%s on a tenant host is its portal',
  async (url) => {
    const { statusCode, body, headers } = await get(url, 'hanbit.localhost:3000');
    expect(statusCode).toBe(200);
    expect(body).toContain('<title>Hanbit &lt;b&gt;&quot;&amp;</title>');
    expect(body).toContain('<meta name="maru-tenant" content="hanbit"><meta name="maru-base" content="">');
    expect(headers).toMatchObject({ vary: 'Host', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; " +
        "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; " +
        "require-trusted-types-for 'script'; trusted-types 'none'",
    );
  },
);

test('the style sheet of a page is the tenant’s own, immutable, and named by its hash', async () => {
  const { body } = await get('/t/darim/jobs/job_1');
  expect(body).toContain('content="/t/darim"');
  const css = await get(linkOf(body));
  expect(css.headers).toMatchObject({ 'content-type': 'text/css; charset=utf-8', 'x-content-type-options': 'nosniff' });
  expect(css.headers['cache-control']).toContain('immutable');
  expect(css.body).toContain('--accent:#a50034');
  expect(linkOf(body)).toContain(createHash('sha256').update(css.body).digest('hex').slice(0, 12));
  const old = await get(linkOf(body).replace(/\.[0-9a-f]{12}\./, '.000000000000.'));
  expect(old.headers['cache-control']).toBe('no-store');
});

test.each([
  ['an unknown host', '/', 'nobody.example'],
  ['an unknown slug', '/t/nobody', undefined],
  ['another tenant’s path', '/t/darim', 'hanbit.localhost:3000'],
  ['the console on a tenant host', '/console', 'hanbit.localhost:3000'],
  ['a portal path on the platform host', '/jobs', undefined],
])('%s is a neutral 404 without any tenant', async (_, url, host) => {
  const { statusCode, body } = await get(url, host);
  expect(statusCode).toBe(404);
  expect(body).not.toMatch(/hanbit|darim|ten_/i);
  expect((await get(linkOf(body))).statusCode).toBe(200);
});

test('the platform host has a landing page and a console; a suspended tenant has neither pages nor brand', async () => {
  expect((await get('/')).body).toContain('href="/docs"');
  expect((await get('/console/scheduler')).body).toContain('<title>Maru Console</title>');
  expect((await get('/', 'paused.localhost')).statusCode).toBe(403);
  expect((await get('/v1/branding?slug=paused')).statusCode).toBe(404);
});

test('assets are immutable', async () => {
  const asset = await get('/assets/app-abc.js');
  expect(asset.statusCode).toBe(200);
  expect(asset.headers['cache-control']).toContain('immutable');
  expect((await get('/assets/../portal.html')).statusCode).not.toBe(200);
});

test('GET /v1/branding follows the host; a slug counts on the platform host only', async () => {
  const own = await get('/v1/branding', 'hanbit.localhost:3000');
  expect(own.json()).toMatchObject({
    object: 'branding',
    slug: 'hanbit',
    version: 1,
    doc: { theme: { primary: '#fee500' } },
  });
  expect((await get('/v1/branding?slug=darim')).json()).toMatchObject({ slug: 'darim' });
  const foreign = await get('/v1/branding?slug=darim', 'hanbit.localhost:3000');
  expect(foreign.statusCode).toBe(404);
  expect(foreign.body).not.toMatch(/a50034/);
});
