import { Injectable } from '@nestjs/common';
import { type AuditActor, AuditTrail } from '../../audit/audit-trail.js';
import { ValidationFailedError } from '../../common/domain-error.js';
import { TenantDb } from '../../database/tenant-db.js';
import { TenantDirectory } from '../../tenants/tenant-directory.js';
import { AccountsRepository } from '../accounts.repository.js';
import { AlreadyExistsError } from '../auth.errors.js';
import { MyAccount, requirePerson } from '../my-account.service.js';
import { NIL_TENANT } from '../opaque-token.js';
import { type Principal, principalPublicId } from '../principal.js';
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.js';
import { NoSecondFactorError, WrongCodeError } from './second-factor.errors.js';
import { type FactorKey, SecondFactorsRepository } from './second-factors.repository.js';
import { SecondFactors } from './second-factors.service.js';
import { newTotpSecret, totpUri } from './totp.js';

/** What somebody may know of their own factor. */
export interface FactorStatus {
  readonly status: 'off' | 'pending' | 'on';
  readonly recoveryCodesLeft: number;
}

/** People turn their own second factor on and off. */
@Injectable()
export class MySecondFactor {
  constructor(
    private readonly repository: SecondFactorsRepository,
    private readonly factors: SecondFactors,
    private readonly account: MyAccount,
    private readonly accounts: AccountsRepository,
    private readonly tenants: TenantDirectory,
    private readonly db: TenantDb,
    private readonly audit: AuditTrail,
  ) {}

  async status(principal: Principal): Promise<FactorStatus> {
    requirePerson(principal);
    const factor = await this.repository.find(keyOf(principal));
    if (!factor) return { status: 'off', recoveryCodesLeft: 0 };
    return { status: factor.confirmedAt ? 'on' : 'pending', recoveryCodesLeft: factor.codesLeft };
  }

  /** A secret for an authenticator app; nothing changes until it is confirmed. @throws AlreadyExistsError */
  async start(principal: Principal, currentPassword: string): Promise<{ secret: string; uri: string }> {
    requirePerson(principal);
    await this.account.requirePassword(principal, currentPassword);
    const key = keyOf(principal);
    const secret = newTotpSecret();
    const sealed = this.factors.seal(key, secret);
    if (!(await this.db.run(key.realm, () => this.repository.start(key, sealed)))) {
      throw new AlreadyExistsError('This account has a second factor. Turn it off first.');
    }
    const tenant = principal.tenantId === null ? null : await this.tenants.byId(principal.tenantId);
    const email = (await this.accounts.find(principal))?.email ?? principalPublicId(principal);
    return { secret, uri: totpUri(secret, tenant?.name ?? 'Maru', email) };
  }

  /** Turns it on and shows the recovery codes, once. @throws NoSecondFactorError, ValidationFailedError for a wrong code, AlreadyExistsError */
  async confirm(principal: Principal, code: string, actor: AuditActor): Promise<string[]> {
    requirePerson(principal);
    const key = keyOf(principal);
    const factor = await this.repository.find(key);
    if (!factor) throw new NoSecondFactorError();
    const step = this.factors.stepOf(key, factor, code.replace(/\s/g, ''));
    if (step === null) throw wrongCode();
    const codes = newRecoveryCodes();
    await this.db.run(key.realm, async (manager) => {
      const isOn = await this.repository.confirm(
        key,
        step,
        codes.map((text) => recoveryCodeHash(text)!),
      );
      if (!isOn) throw new AlreadyExistsError('This account has a second factor already.');
      await this.audit.record(manager, entryOf(principal, actor, 'account.second_factor_enabled'));
    });
    return codes;
  }

  /** @throws ValidationFailedError for a wrong password or code, NoSecondFactorError, LoginThrottledError */
  async turnOff(
    principal: Principal,
    proof: { currentPassword: string; code: string },
    actor: AuditActor,
  ): Promise<void> {
    requirePerson(principal);
    const key = keyOf(principal);
    if (!(await this.repository.find(key))?.confirmedAt) throw new NoSecondFactorError();
    await this.account.requirePassword(principal, proof.currentPassword);
    await this.factors.requireCode(key, proof.code).catch((error: unknown) => {
      throw error instanceof WrongCodeError ? wrongCode() : error;
    });
    await this.db.run(key.realm, async (manager) => {
      await this.repository.remove(key);
      await this.audit.record(manager, entryOf(principal, actor, 'account.second_factor_disabled'));
    });
  }
}

/** Unlike at a sign-in nobody is sent away: the session is good, the field is not. */
function wrongCode(): ValidationFailedError {
  return new ValidationFailedError([{ pointer: '/code', code: 'invalid', message: 'is not right; try the next one' }]);
}

function keyOf({ tenantId, id }: Principal): FactorKey {
  return { realm: tenantId ?? NIL_TENANT, subjectId: id };
}

function entryOf(principal: Principal, actor: AuditActor, action: string) {
  const target = { type: principal.kind, id: principalPublicId(principal) };
  return { tenantId: principal.tenantId, actor, action, target };
}
