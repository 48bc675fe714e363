import fs from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';

/** Where screenshots of a run lie; not committed. */
const OUT = path.join(import.meta.dirname, 'out');

export interface Look {
  readonly locale: 'ko' | 'en';
  readonly scheme: 'light' | 'dark';
  /** CSS pixels. */
  readonly width: number;
}

/** One person at one portal, who also notes what a browser would only log. */
export class PortalVisitor {
  /** Every `securitypolicyviolation` of every page, as "directive blocked-uri". */
  readonly violations: string[] = [];
  /** Uncaught errors of the pages. */
  readonly errors: string[] = [];
  /** `--accent` as it stood when the first `h1` of each page came in. */
  readonly accentsAtFirstHeading: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    readonly baseUrl: string,
  ) {}

  /** @param baseUrl of the portal, for example `http://127.0.0.1:3000/t/hanbit` */
  static async enter(browser: Browser, baseUrl: string, look: Look): Promise<PortalVisitor> {
    const context = await browser.newContext({
      locale: look.locale === 'ko' ? 'ko-KR' : 'en-US',
      colorScheme: look.scheme,
      reducedMotion: 'reduce',
      viewport: { width: look.width, height: 900 },
    });
    const visitor = new PortalVisitor(context, await context.newPage(), baseUrl);
    visitor.page.on('pageerror', (error) => visitor.errors.push(error.message));
    await context.exposeFunction('noteViolation', (text: string) => visitor.violations.push(text));
    await context.exposeFunction('noteAccent', (color: string) => visitor.accentsAtFirstHeading.push(color));
    await context.addInitScript({ path: path.join(import.meta.dirname, 'observe-page.js') });
    return visitor;
  }

  open(address: string): Promise<unknown> {
    return this.page.goto(`${this.baseUrl}${address}`);
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.page.fill('input[name=email]', email);
    await this.page.fill('input[name=password]', password);
    await this.page.click('form button[type=submit]');
  }

  /** Fills the form of an analyzer with a file and sends it. */
  async submit(analyzer: string, file: string): Promise<void> {
    await this.open(`/new/${analyzer}`);
    await this.page.setInputFiles('input[type=file]', file);
    await this.page.click('form button[type=submit]');
  }

  /** Waits for the job page to show this status; resolves with the statuses of its steps. */
  async jobStatus(status: string): Promise<(string | null)[]> {
    await this.page.waitForSelector(`h1 [data-status=${status}]`, { timeout: 30_000 });
    const steps = await this.page.locator('[data-stage]').all();
    return Promise.all(steps.map((step) => step.getAttribute('data-status')));
  }

  async screenshot(name: string): Promise<void> {
    fs.mkdirSync(OUT, { recursive: true });
    await this.page.screenshot({ path: path.join(OUT, `${name}.png`), fullPage: true });
  }

  leave(): Promise<void> {
    return this.context.close();
  }
}
