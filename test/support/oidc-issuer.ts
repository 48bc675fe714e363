import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider';

/** What a real provider says of the next person who signs in. */
export interface Person {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

/** How a provider differs from the ordinary one of these tests. */
export interface IssuerTraits {
  /** Whether it lists `email_verified` among its claims, and sends it; as Microsoft Entra ID does not. Default true. */
  readonly saysVerified?: boolean;
  /** Whether the id token tells what the userinfo endpoint does. Default false. */
  readonly tellsInIdToken?: boolean;
}

const CLIENT = { client_id: 'maru', client_secret: 'the secret of the provider, 32 characters or more' };
const SCOPE = 'openid email profile';

/** A real OpenID provider on this machine. Everybody who comes is `person`, without a word. */
export class OidcIssuer {
  person: Person = { sub: 'nobody' };
  /** What the userinfo endpoint says besides, or instead. */
  userInfo: Partial<Person> = {};
  /** Everybody who comes turns round instead. */
  refuses = false;
  readonly client = CLIENT;

  private provider: Provider | null = null;

  private constructor(
    private readonly server: http.Server,
    readonly issuer: string,
  ) {}

  /** Listens; it knows no client until `register`. */
  static async start(): Promise<OidcIssuer> {
    const server = http.createServer((request, response) => void self.serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const self: OidcIssuer = new OidcIssuer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return self;
  }

  /** `host:port`, for OUTBOUND_ALLOW. */
  get address(): string {
    return new URL(this.issuer).host;
  }

  /** Makes Maru known, with these callbacks. */
  register(redirectUris: readonly string[], traits: IssuerTraits = {}): void {
    this.provider = new Provider(this.issuer, this.configuration(redirectUris, traits));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private configuration(redirectUris: readonly string[], traits: IssuerTraits): Configuration {
    const client = { ...CLIENT, redirect_uris: [...redirectUris], grant_types: ['authorization_code'] };
    return {
      clients: [{ ...client, response_types: ['code'] }],
      pkce: { required: () => true },
      cookies: { keys: ['of this test'] },
      conformIdTokenClaims: traits.tellsInIdToken !== true,
      claims: { openid: ['sub'], email: emailClaims(traits), profile: ['name'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      findAccount: (_context, sub) => ({ accountId: sub, claims: async (use) => this.claimsOf(sub, use) }),
      loadExistingGrant: (context) => consent(context),
    };
  }

  private claimsOf(sub: string, use: string) {
    return { ...this.person, ...(use === 'userinfo' ? this.userInfo : {}), sub };
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { provider } = this;
    if (!provider) return void response.writeHead(503).end();
    if (!request.url?.startsWith('/interaction/')) return void provider.callback()(request, response);
    const result = this.refuses
      ? { error: 'access_denied', error_description: 'turned round' }
      : { login: { accountId: this.person.sub } };
    await provider.interactionFinished(request, response, result);
  }
}

function emailClaims({ saysVerified = true }: IssuerTraits): string[] {
  return saysVerified ? ['email', 'email_verified'] : ['email'];
}

async function consent({ oidc }: KoaContextWithOIDC) {
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope(SCOPE);
  await grant.save();
  return grant;
}
