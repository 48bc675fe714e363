import { Secret, TOTP } from 'otpauth';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { findChromium } from '../support/chromium.js';
import { callMaru } from '../support/call-maru.js';
import { type RunningMaru, startMaru } from '../support/running-maru.js';
import { type Look, PortalVisitor } from './portal-visitor.js';

const PASSWORD = 'seven lamps above the quay';
const KO: Look = { locale: 'ko', scheme: 'light', width: 1280 };
const EN: Look = { locale: 'en', scheme: 'dark', width: 390 };

let maru: RunningMaru;
let browser: Browser;
let visitor: PortalVisitor | null = null;
let ownerToken: string;

beforeAll(async () => {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium was found; install one, or set CHROMIUM_PATH');
  maru = await startMaru();
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const { email, password } = maru.credentials.tenants.find(({ slug }) => slug === 'hanbit')!.owner;
  ownerToken = (await call<Tokens>('POST', '/v1/auth/login', { tenant: 'hanbit', email, password })).accessToken;
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await maru?.stop();
});
afterEach(async () => {
  const last = visitor;
  visitor = null;
  await last?.leave();
  expect(last?.violations ?? []).toEqual([]);
  expect(last?.errors ?? []).toEqual([]);
});

interface Tokens {
  readonly accessToken: string;
}

const call = <T>(method: string, path: string, body?: object, token?: string): Promise<T> =>
  callMaru<T>(maru, method, path, body, token);
const portalUrl = () => maru.baseUrl.replace('127.0.0.1', 'hanbit.localhost');
async function enter(look: Look = KO): Promise<PortalVisitor> {
  visitor = await PortalVisitor.enter(browser, portalUrl(), look);
  return visitor;
}

/** A member who is invited, and the address of the link. */
async function invited(email: string): Promise<{ id: string; url: string }> {
  const body = { email, name: 'Mina', role: 'analyst' };
  const made = await call<{ id: string; link: { url: string } }>('POST', '/v1/members', body, ownerToken);
  return { id: made.id, url: made.link.url };
}

/** A member with a password. */
async function member(email: string): Promise<string> {
  const { id, url } = await invited(email);
  await call('POST', '/v1/auth/invitations/accept', { token: url.split('#')[1], password: PASSWORD });
  return id;
}

/** What a screen reader says of a field besides its label. */
async function descriptionOf({ page }: PortalVisitor, name: string): Promise<string> {
  const field = page.locator(`input[name=${name}]`);
  const ids = ((await field.getAttribute('aria-describedby')) ?? '').split(' ').filter(Boolean);
  const texts = await Promise.all(ids.map((id) => page.locator(`[id="${id}"]`).innerText()));
  return texts.join(' ');
}

test('an invitation becomes an account, and says what is wrong with a password where it is typed', async () => {
  const { url } = await invited('mina@hanbit.example');
  const guest = await enter();
  const { page } = guest;
  await page.goto(url);
  await page.getByRole('heading', { level: 1, name: '초대를 받으셨습니다' }).waitFor();
  expect(guest.accentsAtFirstHeading).toEqual(['#a50034']);
  await page.locator('main').getByText('mina@hanbit.example').waitFor();
  expect(await page.getByLabel('이름', { exact: true }).inputValue()).toBe('Mina');
  expect(await descriptionOf(guest, 'password')).toContain('15자');
  await guest.screenshot('identity-1-invitation');

  const submit = async (password: string, repeat: string) => {
    await page.getByLabel('새 비밀번호', { exact: true }).fill(password);
    await page.getByLabel('새 비밀번호 확인').fill(repeat);
    await page.click('form button[type=submit]');
  };
  await submit(PASSWORD, 'another one');
  await page.getByRole('alert').waitFor();
  expect(await descriptionOf(guest, 'repeat')).toBe('두 비밀번호가 서로 다릅니다.');
  await submit('Password1', 'Password1');
  await page.getByRole('alert').filter({ hasText: '흔한 단어' }).waitFor();
  expect(await page.locator('input[name=password]').getAttribute('aria-invalid')).toBe('true');
  await guest.screenshot('identity-2-refused');
  await page.getByLabel('이름', { exact: true }).fill('김미나');
  await submit(PASSWORD, PASSWORD);
  await page.waitForSelector('main#main');
  expect(page.url()).toBe(`${portalUrl()}/`);

  await page.goto(url);
  await page.getByRole('alert').filter({ hasText: '새 링크를 요청' }).waitFor();
});

test('a forgotten password is asked for at the sign-in, and replaced with a link', async () => {
  const id = await member('forgetful@hanbit.example');
  const guest = await enter(EN);
  const { page } = guest;
  await guest.open('/');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByRole('heading', { level: 1, name: 'New password' }).waitFor();
  await page.getByLabel('E-mail').fill('forgetful@hanbit.example');
  await page.click('form button[type=submit]');
  await page.getByRole('status').filter({ hasText: 'on its way' }).waitFor();
  await guest.screenshot('identity-3-forgotten');

  const { link } = await call<{ link: { url: string } }>(
    'POST',
    `/v1/members/${id}/password-reset`,
    undefined,
    ownerToken,
  );
  await page.goto(link.url);
  await page.getByLabel('New password', { exact: true }).fill('another fine sentence');
  await page.getByLabel('New password again').fill('another fine sentence');
  await page.click('form button[type=submit]');
  await page.getByRole('status').filter({ hasText: 'was changed' }).waitFor();
  await page.getByRole('link', { name: 'Go to sign-in' }).click();
  await page.waitForSelector('input[name=email]');
  await guest.signIn('forgetful@hanbit.example', 'another fine sentence');
  await page.waitForSelector('main#main');
});

/** Turns the second factor of whoever has this token on. */
async function withFactor(token: string, currentPassword: string) {
  const { secret } = await call<{ secret: string }>('POST', '/v1/me/second-factor', { currentPassword }, token);
  const codeAt = (timestamp: number) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
  const body = { code: codeAt(Date.now() - 30_000) };
  const confirmed = await call<{ recoveryCodes: string[] }>('POST', '/v1/me/second-factor/confirm', body, token);
  return { now: () => codeAt(Date.now()), recoveryCode: confirmed.recoveryCodes[0]! };
}

test('an account with a second factor is asked for a code after the password', async () => {
  const email = 'careful@hanbit.example';
  await member(email);
  const login = { tenant: 'hanbit', email, password: PASSWORD };
  const factor = await withFactor((await call<Tokens>('POST', '/v1/auth/login', login)).accessToken, PASSWORD);
  const guest = await enter();
  const { page } = guest;
  await guest.open('/');
  await page.waitForSelector('input[name=email]');
  await guest.signIn(email, PASSWORD);
  const code = page.getByLabel('인증 코드');
  await code.waitFor();
  await page.locator('input[name=code]:focus').waitFor();
  expect([await code.getAttribute('autocomplete'), await descriptionOf(guest, 'code')]).toEqual([
    'one-time-code',
    expect.stringContaining('복구 코드'),
  ]);
  await code.fill('000000');
  await page.click('form button[type=submit]');
  await page.getByRole('alert').filter({ hasText: '코드가 올바르지 않거나' }).waitFor();
  await guest.screenshot('identity-4-code');
  await code.fill(factor.now());
  await page.click('form button[type=submit]');
  await page.waitForSelector('main#main');
});

test('an operator enters the console with a recovery code', async () => {
  const { email, password } = maru.credentials.operator;
  const { accessToken } = await call<Tokens>('POST', '/v1/auth/login', { email, password });
  const { recoveryCode } = await withFactor(accessToken, password);
  const guest = await enter(EN);
  await guest.page.goto(`${maru.baseUrl}/console`);
  await guest.page.waitForSelector('input[name=email]');
  await guest.signIn(email, password);
  await guest.page.getByLabel('Code').fill(recoveryCode);
  await guest.page.click('form button[type=submit]');
  await guest.page.locator('table').first().waitFor();
});
