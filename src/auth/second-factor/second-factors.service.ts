import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { openText, sealText } from '../../common/sealed-text.js';
import { Secrets } from '../../config/config.js';
import { LoginThrottle } from '../login-throttle.js';
import { hashOfToken, mintOpaqueToken, NIL_TENANT, tenantOfToken } from '../opaque-token.js';
import type { Subject } from '../subject.js';
import { recoveryCodeHash } from './recovery-codes.js';
import { SecondFactorRequiredError, WrongCodeError } from './second-factor.errors.js';
import {
  type ChallengeRow,
  type FactorKey,
  type FactorRow,
  SecondFactorsRepository,
} from './second-factors.repository.js';
import { totpStep } from './totp.js';

const CHALLENGE_SECONDS = 300;

/** Second factors at a sign-in: asked for after the password, counted apart from it, and good once. */
@Injectable()
export class SecondFactors {
  private readonly sealKey: Buffer;

  constructor(
    private readonly repository: SecondFactorsRepository,
    private readonly throttle: LoginThrottle,
    private readonly clock: Clock,
    secrets: Secrets,
  ) {
    this.sealKey = secrets.derive('second-factors');
  }

  /** Lets people without a factor pass. @throws SecondFactorRequiredError for the others */
  async require({ kind, id, tenantId }: Subject): Promise<void> {
    const realm = tenantId ?? NIL_TENANT;
    const factor = await this.repository.find({ realm, subjectId: id });
    if (!factor?.confirmedAt) return;
    const challenge = mintOpaqueToken(realm);
    const who = { subjectKind: kind, subjectId: id };
    await this.repository.insertChallenge(realm, hashOfToken(challenge), who, CHALLENGE_SECONDS);
    throw new SecondFactorRequiredError(challenge, CHALLENGE_SECONDS);
  }

  /**
   * Whose sign-in a challenge was, once the code is right.
   * @param code of the app, or a recovery code
   * @throws WrongCodeError, LoginThrottledError
   */
  async answer(challenge: string, code: string): Promise<ChallengeRow & { readonly realm: string }> {
    const realm = tenantOfToken(challenge);
    const hash = hashOfToken(challenge);
    const who = realm && (await this.repository.attempt(realm, hash));
    if (!who) throw new WrongCodeError();
    await this.requireCode({ realm, subjectId: who.subjectId }, code);
    if (!(await this.repository.closeChallenge(realm, hash))) throw new WrongCodeError();
    return { ...who, realm };
  }

  /** Uses up a code. @throws WrongCodeError, LoginThrottledError after five wrong ones of the account */
  async requireCode(key: FactorKey, code: string): Promise<void> {
    const counted = { realm: key.realm, tenantSlug: null, email: `second-factor:${key.subjectId}` };
    await this.throttle.requireOpen(counted);
    const factor = await this.repository.find(key);
    const isRight = factor?.confirmedAt ? await this.use(key, factor, code) : false;
    await this.throttle.settle(counted, isRight);
    if (!isRight) throw new WrongCodeError();
  }

  /** The time step of a code for this factor; null for another code. */
  stepOf(key: FactorKey, factor: FactorRow, code: string): number | null {
    const secret = openText(factor.secretSealed, this.sealKey, bindingOf(key));
    if (secret === null) throw new Error('A second factor cannot be opened. Was MARU_MASTER_KEY changed? Restore it.');
    return totpStep(secret, code, this.clock.now());
  }

  /** A secret as it is stored: of no use in another row. */
  seal(key: FactorKey, secret: string): Buffer {
    return sealText(secret, this.sealKey, bindingOf(key));
  }

  private async use(key: FactorKey, factor: FactorRow, code: string): Promise<boolean> {
    const step = this.stepOf(key, factor, code.replace(/\s/g, ''));
    if (step !== null) return this.repository.useStep(key, step);
    const hash = recoveryCodeHash(code);
    return hash !== null && this.repository.useRecoveryCode(key, hash);
  }
}

function bindingOf({ realm, subjectId }: FactorKey): string {
  return `${realm}|second_factors|secret_sealed|${subjectId}`;
}
