import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callMaru } from '../support/call-maru.js';
import { findChromium } from '../support/chromium.js';
import { OidcIssuer } from '../support/oidc-issuer.js';
import { type RunningMaru, startMaru } from '../support/running-maru.js';
import { PortalVisitor } from './portal-visitor.js';

let maru: RunningMaru;
let issuer: OidcIssuer;
let browser: Browser;

beforeAll(async () => {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium was found; install one, or set CHROMIUM_PATH');
  issuer = await OidcIssuer.start();
  maru = await startMaru({ OUTBOUND_ALLOW: issuer.address });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await maru?.stop();
  await issuer?.stop();
});

/** Makes the provider of these tests that of a demo tenant. */
async function setUp(slug: string, portalUrl: string): Promise<void> {
  const callback = `${portalUrl}/v1/auth/oidc/callback`;
  issuer.register([callback]);
  const { email, password } = maru.credentials.tenants.find((tenant) => tenant.slug === slug)!.owner;
  const login = { tenant: slug, email, password };
  const { accessToken } = await callMaru<{ accessToken: string }>(maru, 'POST', '/v1/auth/login', login);
  const { client_id: clientId, client_secret: clientSecret } = issuer.client;
  const rules = { label: 'Hanbit ID', allowedDomains: ['hanbit.example'], createMembers: true, defaultRole: 'analyst' };
  const body = { issuer: issuer.issuer, clientId, clientSecret, ...rules };
  const settings = await callMaru<{ redirectUris: string[] }>(maru, 'PUT', '/v1/tenant/oidc', body, accessToken);
  expect(settings.redirectUris).toEqual([callback]);
}

test('the tenant’s own provider is a button, and a refusal is explained', async () => {
  const portalUrl = maru.baseUrl.replace('127.0.0.1', 'hanbit.localhost');
  await setUp('hanbit', portalUrl);
  const guest = await PortalVisitor.enter(browser, portalUrl, { locale: 'ko', scheme: 'light', width: 1280 });
  const { page } = guest;
  const button = page.getByRole('link', { name: 'Hanbit ID 계정으로 로그인' });

  issuer.person = { sub: 'eve', email: 'eve@elsewhere.example', email_verified: true };
  await guest.open('/');
  await button.click();
  await page.getByRole('alert').filter({ hasText: '회사 계정을 사용해 주세요' }).waitFor();
  expect(new URL(page.url()).search).toBe('');
  await guest.screenshot('identity-5-provider');

  await page.context().clearCookies({ domain: '127.0.0.1' }); // the provider remembers her
  issuer.person = { sub: 'sora', email: 'sora@hanbit.example', email_verified: true, name: '한소라' };
  await guest.open('/jobs');
  await button.click();
  await page.waitForSelector('main#main');
  expect(new URL(page.url()).pathname).toBe('/jobs');
  await guest.leave();
  expect([guest.violations, guest.errors]).toEqual([[], []]);
});
