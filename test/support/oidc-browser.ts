import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const MOST_STEPS = 12;

/** A browser at one host of Maru and at a provider: cookies and redirects, nothing else. */
export class OidcBrowser {
  private readonly ours = new Map<string, string>();
  private readonly theirs = new Map<string, string>();

  constructor(
    private readonly app: NestFastifyApplication,
    readonly host: string,
  ) {}

  /** A page or route of Maru. */
  async visit(url: string) {
    const headers = { host: this.host, cookie: cookiesOf(this.ours) };
    const answer = await this.app.inject({ method: 'GET', url, headers });
    keep(this.ours, [answer.headers['set-cookie'] ?? []].flat());
    return answer;
  }

  /** From the button to the provider, which sends back at once. @returns path and search of the callback */
  async throughProvider(returnTo = '/'): Promise<string> {
    const started = await this.visit(`/v1/auth/oidc/start?returnTo=${encodeURIComponent(returnTo)}`);
    if (started.statusCode !== 303) throw new Error(`${started.statusCode} ${started.body}`);
    let url = String(started.headers.location);
    for (let step = 0; step < MOST_STEPS; step++) {
      if (new URL(url, `http://${this.host}`).host === this.host) return url.replace(`http://${this.host}`, '');
      const answer = await fetch(url, { redirect: 'manual', headers: { cookie: cookiesOf(this.theirs) } });
      keep(this.theirs, answer.headers.getSetCookie());
      const next = answer.headers.get('location');
      if (!next) throw new Error(`${answer.status} ${await answer.text()}`);
      url = new URL(next, url).href;
    }
    throw new Error(`The provider leads nowhere: ${url}`);
  }

  /** The whole way. @returns where the browser is sent at the end */
  async signIn(returnTo = '/'): Promise<string> {
    const answer = await this.visit(await this.throughProvider(returnTo));
    if (answer.statusCode !== 303) throw new Error(`${answer.statusCode} ${answer.body}`);
    return String(answer.headers.location);
  }

  /** Who is signed in here; the status for nobody. */
  async me(): Promise<Record<string, unknown> | number> {
    const answer = await this.visit('/v1/me');
    return answer.statusCode === 200 ? answer.json<Record<string, unknown>>() : answer.statusCode;
  }
}

function keep(jar: Map<string, string>, cookies: readonly string[]): void {
  for (const cookie of cookies) {
    const [pair = '', ...attributes] = cookie.split(';');
    const name = pair.slice(0, pair.indexOf('='));
    const isGone = attributes.some((attribute) => /^\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(attribute));
    if (isGone) jar.delete(name);
    else jar.set(name, pair.slice(name.length + 1));
  }
}

function cookiesOf(jar: ReadonlyMap<string, string>): string {
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}
