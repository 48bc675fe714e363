import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { findChromium } from '../support/chromium.js';
import { type RunningMaru, startMaru } from '../support/running-maru.js';
import { type Look, PortalVisitor } from './portal-visitor.js';

const SAMPLES = path.resolve(import.meta.dirname, '../../samples');
const KO: Look = { locale: 'ko', scheme: 'light', width: 1280 };

/** What each demo tenant is known by: its exact color, its wording, its file, and what shows that the result is drawn. */
const TENANTS = [
  {
    slug: 'hanbit',
    color: '#a50034',
    title: { ko: '한빛정밀 검사실', en: 'Hanbit inspection room' },
    analyzer: 'surface-inspection',
    sample: 'hanbit-weld-plate.png',
    drawn: 'figure svg rect',
  },
  {
    slug: 'dasan',
    color: '#fee500',
    title: { ko: '다산물류 송장 판독', en: 'Dasan label reader' },
    analyzer: 'digit-reader',
    sample: 'dasan-parcel-label.png',
    drawn: '[data-digits="40172965"]',
  },
  {
    slug: 'pureun',
    color: '#03c75a',
    title: { ko: '푸른에너지 설비 관제', en: 'Pureun plant watch' },
    analyzer: 'signal-anomaly',
    sample: 'pureun-turbine-vibration.csv',
    drawn: '.uplot canvas',
  },
] as const;
const LOOKS: readonly Look[] = [
  KO,
  { locale: 'en', scheme: 'dark', width: 1280 },
  { locale: 'ko', scheme: 'light', width: 390 },
];
const CASES = TENANTS.flatMap((tenant) =>
  LOOKS.map((look) => [tenant.slug, look.locale, look.scheme, look.width, tenant, look] as const),
);

let maru: RunningMaru;
let browser: Browser;
let visitor: PortalVisitor | null = null;

beforeAll(async () => {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium was found; install one, or set CHROMIUM_PATH');
  maru = await startMaru();
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
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

async function enter(slug: string, look: Look = KO): Promise<PortalVisitor> {
  visitor = await PortalVisitor.enter(browser, `${maru.baseUrl}/t/${slug}`, look);
  return visitor;
}

function ownerOf(slug: string): { email: string; password: string } {
  const owner = maru.credentials.tenants.find((tenant) => tenant.slug === slug)?.owner;
  if (!owner) throw new Error(`no demo tenant ${slug}`);
  return owner;
}

async function enterSignedIn(slug: string, look: Look = KO): Promise<PortalVisitor> {
  const guest = await enter(slug, look);
  const { email, password } = ownerOf(slug);
  await guest.open('');
  await guest.signIn(email, password);
  await guest.page.waitForSelector('main#main');
  return guest;
}

test.each(CASES)(
  '%s in %s, %s, %d px: sign in, submit, follow, see the result',
  async (slug, locale, scheme, width, tenant, look) => {
    const name = `${slug}-${locale}-${scheme}-${width}`;
    const guest = await enter(slug, look);
    await guest.open('');
    await guest.page.getByRole('heading', { level: 1, name: tenant.title[locale] }).waitFor();
    expect(guest.accentsAtFirstHeading).toEqual([tenant.color]);
    expect(await guest.page.getAttribute('html', 'lang')).toBe(locale);
    await guest.screenshot(`${name}-1-sign-in`);

    const { email, password } = ownerOf(slug);
    await guest.signIn(email, password);
    await guest.page.waitForSelector('main#main');
    await guest.page.getByRole('list').first().waitFor();
    await guest.screenshot(`${name}-2-home`);

    await guest.submit(tenant.analyzer, path.join(SAMPLES, tenant.sample));
    expect(await guest.jobStatus('succeeded')).toEqual(Array(5).fill('completed'));
    await guest.page.waitForSelector(tenant.drawn, { state: 'attached' });
    await guest.screenshot(`${name}-3-result`);

    await guest.page.reload();
    expect(await guest.jobStatus('succeeded')).toEqual(Array(5).fill('completed'));
    await guest.page.getByRole('tab').nth(1).click();
    expect(await guest.page.getByRole('row').count()).toBeGreaterThan(1);
  },
);

test('a wrong password and an unknown account look the same', async () => {
  const guest = await enter('hanbit');
  await guest.open('');
  const answers: (string | null)[] = [];
  for (const email of [ownerOf('hanbit').email, 'nobody@hanbit.example']) {
    await guest.signIn(email, 'not the password');
    await guest.page.waitForSelector('form button[type=submit]:not([disabled])');
    answers.push(await guest.page.getByRole('alert').textContent());
  }
  expect(answers[0]).toMatch(/올바르지 않습니다/);
  expect(answers[1]).toBe(answers[0]);
});

test('a double click makes one job', async () => {
  const guest = await enterSignedIn('dasan');
  await guest.open('/new/digit-reader');
  await guest.page.setInputFiles('input[type=file]', path.join(SAMPLES, 'dasan-parcel-label.png'));
  const jobs = new Set<string>();
  guest.page.on('response', async (response) => {
    if (response.request().method() !== 'POST' || !response.url().endsWith('/v1/jobs') || !response.ok()) return;
    jobs.add(((await response.json()) as { id: string }).id);
  });
  await guest.page.dblclick('form button[type=submit]');
  await guest.jobStatus('succeeded');
  expect(jobs.size).toBe(1);
});

test('a member of one tenant meets the sign-in page of another, and nothing of the first', async () => {
  const guest = await enterSignedIn('hanbit');
  await guest.page.goto(`${maru.baseUrl}/t/dasan/jobs`);
  await guest.page.getByRole('heading', { level: 1, name: '다산물류 송장 판독' }).waitFor();
  expect(await guest.page.content()).not.toMatch(/hanbit|한빛|a50034/i);
});

test('language and appearance change in place and stay', async () => {
  const guest = await enter('pureun');
  await guest.open('');
  await guest.page.getByRole('heading', { level: 1 }).waitFor();
  await guest.page.getByText('English', { exact: true }).first().click();
  await guest.page.getByRole('heading', { level: 1, name: 'Pureun plant watch' }).waitFor();
  await guest.page.getByTitle('Dark').first().click();
  expect(await guest.page.getAttribute('html', 'data-mode')).toBe('dark');
  await guest.page.reload();
  await guest.page.getByRole('heading', { level: 1, name: 'Pureun plant watch' }).waitFor();
  expect(await guest.page.getAttribute('html', 'data-mode')).toBe('dark');
});

test('an unknown tenant is a neutral page', async () => {
  const guest = await enter('nobody');
  await guest.open('');
  expect(await guest.page.title()).toBe('Page not found');
  expect(await guest.page.content()).not.toMatch(/hanbit|dasan|pureun/i);
});

test('an operator sees every tenant and the devices', async () => {
  const guest = await enter('hanbit');
  const { email, password } = maru.credentials.operator;
  await guest.page.goto(`${maru.baseUrl}/console`);
  await guest.signIn(email, password);
  await guest.page.locator('table').nth(1).waitFor();
  const text = await guest.page.locator('main').innerText();
  for (const { slug } of TENANTS) expect(text).toContain(slug);
  await guest.screenshot('console');
});
