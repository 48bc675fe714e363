import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { callMaru } from '../support/call-maru.js';
import { findChromium } from '../support/chromium.js';
import { OidcIssuer } from '../support/oidc-issuer.js';
import { type RunningMaru, startMaru } from '../support/running-maru.js';
import { type Look, PortalVisitor } from './portal-visitor.js';

const KO: Look = { locale: 'ko', scheme: 'light', width: 1280 };
const EN: Look = { locale: 'en', scheme: 'dark', width: 390 };
const PAGE = '/settings/sign-in';

let maru: RunningMaru;
let issuer: OidcIssuer;
let browser: Browser;
let token: string;
const visitors: PortalVisitor[] = [];

beforeAll(async () => {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium was found; install one, or set CHROMIUM_PATH');
  issuer = await OidcIssuer.start();
  maru = await startMaru({ OUTBOUND_ALLOW: issuer.address });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  token = await tokenOf(owner());
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await maru?.stop();
  await issuer?.stop();
});
afterEach(async () => {
  for (const visitor of visitors.splice(0)) {
    await visitor.leave();
    expect([visitor.violations, visitor.errors]).toEqual([[], []]);
  }
});

interface Account {
  readonly email: string;
  readonly password: string;
}

const portalUrl = () => maru.baseUrl.replace('127.0.0.1', 'hanbit.localhost');
const owner = (): Account => maru.credentials.tenants.find(({ slug }) => slug === 'hanbit')!.owner;
const stored = () => callMaru<Record<string, unknown>>(maru, 'GET', '/v1/tenant/oidc', undefined, token);
const methods = () => callMaru<{ oidc: object | null }>(maru, 'GET', '/v1/auth/sign-in-methods?tenant=hanbit');

async function tokenOf(account: Account): Promise<string> {
  const login = { tenant: 'hanbit', ...account };
  return (await callMaru<{ accessToken: string }>(maru, 'POST', '/v1/auth/login', login)).accessToken;
}

async function enter(look: Look): Promise<PortalVisitor> {
  const visitor = await PortalVisitor.enter(browser, portalUrl(), look);
  visitors.push(visitor);
  visitor.page.setDefaultTimeout(10_000); // says which step it was
  return visitor;
}

/** Somebody who has signed in at the page of the settings. */
async function enterAs({ email, password }: Account, look: Look): Promise<PortalVisitor> {
  const visitor = await enter(look);
  await visitor.open(PAGE);
  await visitor.page.waitForSelector('input[name=email]');
  await visitor.signIn(email, password);
  await visitor.page.waitForSelector('main#main h1');
  return visitor;
}

test('an owner copies the redirect address, and finds out what is wrong with an issuer', async () => {
  issuer.register([`${portalUrl()}/v1/auth/oidc/callback`], { saysVerified: false });
  const hers = await enterAs(owner(), KO);
  const { page } = hers;
  await page.getByRole('status').filter({ hasText: '아직 설정하지 않았습니다' }).waitFor();
  expect(
    await page.getByRole('navigation').getByRole('link', { name: '통합 로그인' }).getAttribute('aria-current'),
  ).toBe('page');

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: `${portalUrl()}/v1/auth/oidc/callback 복사` }).click();
  await page.getByRole('status').filter({ hasText: '복사했습니다' }).waitFor({ state: 'attached' });
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`${portalUrl()}/v1/auth/oidc/callback`);

  const address = page.getByLabel('발급자(issuer) 주소');
  const tryOut = page.getByRole('button', { name: '연결 확인' });
  expect(await tryOut.isDisabled()).toBe(true);
  await address.fill('https://10.0.0.1');
  await tryOut.click();
  await page.getByRole('alert').filter({ hasText: '이 주소로는 연결할 수 없습니다' }).waitFor();
  await address.fill(`${issuer.issuer}/elsewhere`);
  await tryOut.click();
  await page.getByRole('alert').filter({ hasText: 'OpenID 로그인 서비스가 아닙니다' }).waitFor();
  await address.fill(issuer.issuer);
  expect(await page.getByRole('alert').count()).toBe(0);
  await tryOut.click();
  await page.getByRole('status').filter({ hasText: '연결되었습니다' }).waitFor();
  await page.getByRole('status').filter({ hasText: 'email_verified' }).waitFor();
});

test('an owner is told what is missing, sets the provider up, and people come in', async () => {
  issuer.register([`${portalUrl()}/v1/auth/oidc/callback`], { saysVerified: false });
  const hers = await enterAs(owner(), KO);
  const { page } = hers;
  await page.getByLabel('발급자(issuer) 주소').fill(issuer.issuer);
  await page.getByLabel('클라이언트 ID').fill(issuer.client.client_id);
  await page.getByLabel('버튼에 보일 이름').fill('한빛 ID');
  await page.getByLabel(/처음 로그인할 때/).check();
  await page.getByLabel('새 구성원의 역할').selectOption({ label: '분석가' });
  await page.getByLabel('믿을 이메일 도메인').fill('com');
  const save = page.getByRole('button', { name: '저장', exact: true });
  await save.click();
  await page.getByRole('alert').filter({ hasText: 'com이나 co.kr만으로는' }).waitFor();
  expect(await page.getByLabel('믿을 이메일 도메인').getAttribute('aria-invalid')).toBe('true');
  await page.getByLabel('믿을 이메일 도메인').fill('한빛.kr\n@Hanbit.example');
  await save.click();
  await page.getByRole('alert').filter({ hasText: '도메인이 하나 이상 필요합니다' }).waitFor();
  await page.getByLabel('허용할 이메일 도메인').fill('hanbit.example');
  await save.click();
  await page.getByRole('alert').filter({ hasText: '클라이언트 시크릿을 입력해' }).waitFor();
  await hers.screenshot('sign-in-settings-1-refused');
  await page.getByLabel('클라이언트 시크릿').fill(issuer.client.client_secret);
  await save.click();
  await page.getByRole('status').filter({ hasText: '저장했습니다' }).waitFor();
  await page.locator('[data-state=on]').waitFor();
  await expect.poll(() => page.getByLabel('클라이언트 시크릿').inputValue()).toBe('');
  await expect.poll(() => page.getByLabel('믿을 이메일 도메인').inputValue()).toBe('xn--xx3br43b.kr\nhanbit.example');
  expect(await page.content()).not.toContain(issuer.client.client_secret);
  expect(await stored()).toMatchObject({
    label: '한빛 ID',
    allowedDomains: ['hanbit.example'],
    trustedEmailDomains: ['xn--xx3br43b.kr', 'hanbit.example'],
    createMembers: true,
    defaultRole: 'analyst',
    enabled: true,
  });

  issuer.person = { sub: 'sora', email: 'sora@hanbit.example', name: '한소라' };
  const guest = await enter(KO);
  await guest.open('/');
  await guest.page.getByRole('link', { name: '한빛 ID 계정으로 로그인' }).click();
  await guest.page.waitForSelector('main#main');
  expect(await guest.page.getByRole('link', { name: '통합 로그인' }).count()).toBe(0);
});

test('an owner turns it off and on, is told of other owners, and removes it', async () => {
  const hers = await enterAs(owner(), EN);
  const { page } = hers;
  await page.locator('[data-state=on]').waitFor();
  await hers.screenshot('sign-in-settings-2-on');
  await page.getByRole('button', { name: 'Turn off' }).click();
  await page.locator('[data-state=off]').waitFor();
  expect((await methods()).oidc).toBeNull();
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.locator('[data-state=on]').waitFor();
  expect((await methods()).oidc).not.toBeNull();

  const { object: _object, redirectUris: _uris, updatedAt: _at, ...rest } = await stored();
  await callMaru(maru, 'PUT', '/v1/tenant/oidc', { ...rest, label: 'Changed elsewhere' }, token);
  await page.getByLabel('Name on the button').fill('Mine');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'Another owner changed the settings' }).waitFor();
  expect(await stored()).toMatchObject({ label: 'Changed elsewhere' });
  await page.getByRole('button', { name: 'Load the latest settings' }).click();
  await expect.poll(() => page.getByLabel('Name on the button').inputValue()).toBe('Changed elsewhere');
  await page.getByLabel('Name on the button').fill('Mine');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor();
  expect(await stored()).toMatchObject({ label: 'Mine' });

  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('status').filter({ hasText: 'was removed' }).waitFor();
  await page.locator('[data-state=none]').waitFor();
  await expect.poll(() => page.getByLabel('Client ID').inputValue()).toBe('');
  expect((await methods()).oidc).toBeNull();
});

test('everybody else is told who may, and a server that fails is asked again', async () => {
  const invitation = { email: 'jiu@hanbit.example', name: 'Jiu', role: 'admin' };
  const made = await callMaru<{ link: { url: string } }>(maru, 'POST', '/v1/members', invitation, token);
  const account = { email: invitation.email, password: 'seven lamps above the quay' };
  const acceptance = { token: made.link.url.split('#')[1], password: account.password };
  await callMaru(maru, 'POST', '/v1/auth/invitations/accept', acceptance);
  const admin = await enterAs(account, EN);
  await admin.page.getByText('Only owners may set this up').waitFor();
  expect(await admin.page.locator('form').count()).toBe(0);
  await admin.screenshot('sign-in-settings-3-forbidden');

  const hers = await enter(KO);
  await hers.page.route('**/v1/tenant/oidc', (route) => route.fulfill({ status: 400, body: '{}' }), { times: 1 });
  await hers.open(PAGE);
  await hers.page.waitForSelector('input[name=email]');
  await hers.signIn(owner().email, owner().password);
  await hers.page.getByRole('alert').filter({ hasText: '문제가 생겼습니다' }).waitFor();
  await hers.page.getByRole('button', { name: '다시 시도' }).click();
  await hers.page.locator('[data-state=none]').waitFor();
  await hers.screenshot('sign-in-settings-4-none');
});
