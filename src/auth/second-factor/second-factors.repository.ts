import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/tenant-db.js';
import type { Subject } from '../subject.js';

/** Whose factor: the realm is the tenant, or the nil uuid for operators. */
export interface FactorKey {
  readonly realm: string;
  readonly subjectId: string;
}

/** A stored factor. */
export interface FactorRow {
  readonly secretSealed: Buffer;
  readonly confirmedAt: Date | null;
  readonly codesLeft: number;
}

/** Whose sign-in waits. */
export interface ChallengeRow {
  readonly subjectKind: Subject['kind'];
  readonly subjectId: string;
}

const MAX_ATTEMPTS = 5;
const OWN = 'tenant_id = $1 and subject_id = $2';
const OPEN = `tenant_id = $1 and hash = $2 and expires_at > now() and attempts < ${MAX_ATTEMPTS}`;
const FIND = `
  select f.secret_sealed as "secretSealed", f.confirmed_at as "confirmedAt",
    (select count(*)::int from maru.recovery_codes r
      where r.tenant_id = $1 and r.subject_id = $2 and r.used_at is null) as "codesLeft"
  from maru.second_factors f where f.${OWN.replace(' and ', ' and f.')}`;
const START = `
  insert into maru.second_factors as f (tenant_id, subject_id, secret_sealed) values ($1, $2, $3) returning f.subject_id`;
// One challenge a person: parallel sign-ins give no more guesses. Expired ones of the realm go with a new one, too.
const CHALLENGE = `
  with old as (delete from maru.login_challenges where tenant_id = $1 and (subject_id = $4 or expires_at < now()))
  insert into maru.login_challenges (tenant_id, hash, subject_kind, subject_id, expires_at)
  values ($1, $2, $3, $4, now() + $5 * interval '1 s')`;

/** Rows of second factors. What changes several of them works inside an open transaction of the realm. */
@Injectable()
export class SecondFactorsRepository {
  constructor(private readonly db: TenantDb) {}

  async find({ realm, subjectId }: FactorKey): Promise<FactorRow | null> {
    const [row] = await this.db.one<FactorRow>(realm, { text: FIND, values: [realm, subjectId] });
    return row ?? null;
  }

  /** Replaces a factor that was never confirmed. False when there is a confirmed one. */
  async start({ realm, subjectId }: FactorKey, secretSealed: Buffer): Promise<boolean> {
    const key = [realm, subjectId];
    const { manager } = this.db;
    await manager.query(`delete from maru.second_factors where ${OWN} and confirmed_at is null`, key);
    const left: unknown[] = await manager.query(`select from maru.second_factors where ${OWN}`, key);
    if (left.length === 0) await manager.query(START, [...key, secretSealed]);
    return left.length === 0;
  }

  /** False when somebody confirmed it before. */
  async confirm({ realm, subjectId }: FactorKey, step: number, codes: readonly Buffer[]): Promise<boolean> {
    const { manager } = this.db;
    const [rows] = (await manager.query(
      `update maru.second_factors set confirmed_at = now(), last_step = $3
       where ${OWN} and confirmed_at is null returning subject_id`,
      [realm, subjectId, step],
    )) as [unknown[], number];
    if (rows.length === 0) return false;
    await manager.query(
      `insert into maru.recovery_codes (tenant_id, subject_id, hash) select $1, $2, unnest($3::bytea[])`,
      [realm, subjectId, codes],
    );
    return true;
  }

  /** False when this code, or a later one, was accepted before. */
  async useStep({ realm, subjectId }: FactorKey, step: number): Promise<boolean> {
    const text = `update maru.second_factors set last_step = $3 where ${OWN} and last_step < $3 returning subject_id`;
    return (await this.db.one(realm, { text, values: [realm, subjectId, step] })).length > 0;
  }

  /** False when there is no such code, or it was used before. */
  async useRecoveryCode({ realm, subjectId }: FactorKey, hash: Buffer): Promise<boolean> {
    const text = `update maru.recovery_codes set used_at = now() where ${OWN} and hash = $3 and used_at is null returning hash`;
    return (await this.db.one(realm, { text, values: [realm, subjectId, hash] })).length > 0;
  }

  /** False when there was none. */
  async remove({ realm, subjectId }: FactorKey): Promise<boolean> {
    const text = `delete from maru.second_factors where ${OWN} returning subject_id`;
    const [rows] = (await this.db.manager.query(text, [realm, subjectId])) as [unknown[], number];
    return rows.length > 0;
  }

  async insertChallenge(realm: string, hash: Buffer, who: ChallengeRow, lifeSeconds: number): Promise<void> {
    await this.db.one(realm, { text: CHALLENGE, values: [realm, hash, who.subjectKind, who.subjectId, lifeSeconds] });
  }

  /** Counts an attempt before the code is looked at, so that parallel guesses cannot outrun the limit. */
  async attempt(realm: string, hash: Buffer): Promise<ChallengeRow | null> {
    const text = `update maru.login_challenges set attempts = attempts + 1 where ${OPEN}
      returning subject_kind as "subjectKind", subject_id as "subjectId"`;
    return (await this.db.one<ChallengeRow>(realm, { text, values: [realm, hash] }))[0] ?? null;
  }

  /** False when somebody was faster. */
  async closeChallenge(realm: string, hash: Buffer): Promise<boolean> {
    const text = 'delete from maru.login_challenges where tenant_id = $1 and hash = $2 returning hash';
    return (await this.db.one(realm, { text, values: [realm, hash] })).length > 0;
  }
}
