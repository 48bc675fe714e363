import { Injectable } from '@nestjs/common';
import { ApiKeys } from '../auth/api-keys.service.js';
import { Members } from '../auth/members.service.js';
import { Operators } from '../auth/operators.service.js';
import type { Scope } from '../auth/scopes.js';
import { DomainError } from '../common/domain-error.js';
import { Secrets } from '../config/config.js';
import { DEMO_OPERATOR } from './demo-tenants.js';

/** An account of the credentials file. */
export interface Login {
  readonly email: string;
  readonly password: string;
}

const KEY_SCOPES: readonly Scope[] = [
  'jobs:read',
  'jobs:write',
  'jobs:cancel',
  'files:read',
  'files:write',
  'analyzers:read',
  'models:read',
  'usage:read',
];

/** Accounts and keys of the demo; a password is derived from the master key, so it is secret and yet never lost. */
@Injectable()
export class DemoAccounts {
  constructor(
    private readonly members: Members,
    private readonly operators: Operators,
    private readonly apiKeys: ApiKeys,
    private readonly secrets: Secrets,
  ) {}

  async ensureOperator(): Promise<Login> {
    const login = this.login(DEMO_OPERATOR.email, 'operator');
    await unlessItExists(this.operators.create({ ...login, name: DEMO_OPERATOR.name }));
    return login;
  }

  async ensureOwner(tenantId: string, slug: string, email: string): Promise<Login> {
    const login = this.login(email, slug);
    await unlessItExists(this.members.create(tenantId, { ...login, name: 'Demo owner', role: 'owner' }));
    return login;
  }

  async issueKey(tenantId: string): Promise<string> {
    return (await this.apiKeys.issue(tenantId, { name: 'Demo integration', scopes: KEY_SCOPES })).key;
  }

  private login(email: string, who: string): Login {
    return { email, password: this.secrets.derive(`demo-password:${who}`).toString('base64url').slice(0, 20) };
  }
}

async function unlessItExists(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'already-exists')) throw error;
  }
}
