import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { type AuditActor, AuditTrail, SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { DomainError } from '../common/domain-error.js';
import { Secrets } from '../config/config.js';
import { newSigningKey } from './new-signing-key.js';
import { SigningKeyTimes } from './signing-key-times.js';
import { type KeyAges, SigningKeysRepository } from './signing-keys.repository.js';

/** What a rotation did. */
export interface RotationReport {
  /** Key id that signs from now on, within seconds. */
  readonly current: string;
  readonly next: string;
  /** Still accepted until its last token has expired; null when it was compromised and is gone. */
  readonly retired: string | null;
}

/** The next key is too new: somebody who verifies tokens may not have seen it yet. */
export class NextKeyTooNewError extends DomainError {
  readonly code = 'invalid-state-transition';
  override readonly retryable = true;
  override readonly extensions = { currentStatus: 'published', allowed: [] };
  constructor(override readonly retryAfterSeconds: number) {
    super(
      `The next key was published a moment ago. Rotate in ${retryAfterSeconds} s, when every verifier has read it.`,
    );
  }
}

/**
 * Rotates the keys of access tokens: next -> current -> retired. No request fails by it: the next key was published long
 * before, and it signs only after every process has seen that it is current. As a chore of housekeeping it does so on a
 * schedule.
 */
@Injectable()
export class SigningKeyRotation {
  readonly name = 'signing-keys';
  private readonly envelopeKey: Buffer;

  constructor(
    private readonly repository: SigningKeysRepository,
    private readonly times: SigningKeyTimes,
    private readonly audit: AuditTrail,
    secrets: Secrets,
  ) {
    this.envelopeKey = secrets.derive('signing-keys');
  }

  /** The scheduled round: rotates a key whose time is over, and deletes old ones. */
  async run(): Promise<{ rotated: boolean; deleted: number }> {
    const rotated = await this.repository.inRotation(async (client) => {
      const ages = await this.repository.ages(client);
      if (!ages || ages.currentMs < this.times.lifeMs || ages.nextMs < this.times.publishMs) return false;
      await this.advance(client, ages, SYSTEM_ACTOR);
      return true;
    });
    return { rotated, deleted: await this.repository.deleteRetired(this.times.deleteMs) };
  }

  /** @throws NextKeyTooNewError */
  rotate(actor: AuditActor): Promise<RotationReport> {
    return this.repository.inRotation(async (client) => {
      const ages = await this.start(client);
      if (ages.nextMs < this.times.publishMs) {
        throw new NextKeyTooNewError(Math.ceil((this.times.publishMs - ages.nextMs) / 1_000));
      }
      return this.advance(client, ages, actor);
    });
  }

  /**
   * When a private key may be known to somebody: a fresh key signs at once and all others are deleted. Every access token
   * is refused within a minute; people go on by their session, machines by asking for a new token.
   */
  replaceCompromised(actor: AuditActor): Promise<RotationReport> {
    return this.repository.inRotation(async (client) => {
      const [current, next] = [newSigningKey(this.envelopeKey), newSigningKey(this.envelopeKey)];
      await this.repository.replaceAll(client, current, next);
      const report = { current: current.kid, next: next.kid, retired: null };
      await this.record(client, actor, 'signing_key.compromised', report);
      return report;
    });
  }

  private async start(client: pg.PoolClient): Promise<KeyAges> {
    const ages = await this.repository.ages(client);
    if (ages) return ages;
    throw new Error('There are no signing keys yet: the first sign-in makes them.');
  }

  private async advance(client: pg.PoolClient, ages: KeyAges, actor: AuditActor): Promise<RotationReport> {
    const fresh = newSigningKey(this.envelopeKey);
    await this.repository.advance(client, fresh);
    const report = { current: ages.nextKid, next: fresh.kid, retired: ages.currentKid };
    await this.record(client, actor, 'signing_key.rotated', report);
    return report;
  }

  private record(client: pg.PoolClient, actor: AuditActor, action: string, report: RotationReport): Promise<void> {
    const target = { type: 'signing_key', id: report.current };
    const after = { current: report.current, next: report.next, retired: report.retired };
    return this.audit.record(client, { tenantId: null, actor, action, target, after });
  }
}
