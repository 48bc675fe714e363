import { Injectable } from '@nestjs/common';
import { newUuid } from '../common/ids.js';
import { PlatformPool } from '../database/role-pool.js';
import { AlreadyExistsError } from './auth.errors.js';
import { normalizeEmail } from './email.js';
import { requireAccount } from './new-account.js';
import { PasswordHasher } from './password-hasher.js';
import type { Profile, Subject } from './subject.js';

/** What is decided about a new operator. */
export interface NewOperator {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

interface OperatorRow {
  readonly id: string;
  readonly ver: number;
  readonly status: string;
  readonly passwordHash: string;
}

const SELECT = `select id, ver, status, password_hash as "passwordHash" from maru.operators`;

/** The people who run the installation. */
@Injectable()
export class Operators {
  constructor(
    private readonly pool: PlatformPool,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * @returns the operator's uuid
   * @throws ValidationFailedError, AlreadyExistsError
   */
  async create(operator: NewOperator): Promise<string> {
    requireAccount(operator);
    const passwordHash = await this.hasher.hash(operator.password);
    const { rows } = await this.pool.query<{ id: string }>(
      `insert into maru.operators (id, email, name, password_hash) values ($1, $2, $3, $4)
       on conflict (email) do nothing returning id`,
      [newUuid(), normalizeEmail(operator.email), operator.name.trim(), passwordHash],
    );
    if (!rows[0]) throw new AlreadyExistsError('There is an operator with this e-mail address.');
    return rows[0].id;
  }

  /** For the sign-in; null when there is no such operator. */
  async findLogin(email: string): Promise<{ subject: Subject; passwordHash: string } | null> {
    const { rows } = await this.pool.query<OperatorRow>(`${SELECT} where email = $1`, [normalizeEmail(email)]);
    return rows[0] ? { subject: toSubject(rows[0]), passwordHash: rows[0].passwordHash } : null;
  }

  /** Null when the operator is gone. */
  async findSubject(id: string): Promise<Subject | null> {
    const { rows } = await this.pool.query<OperatorRow>(`${SELECT} where id = $1`, [id]);
    return rows[0] ? toSubject(rows[0]) : null;
  }

  /** Null when the operator is gone. */
  async profile(id: string): Promise<Profile | null> {
    const sql = 'select email, name, preferences from maru.operators where id = $1';
    return (await this.pool.query<Profile>(sql, [id])).rows[0] ?? null;
  }

  /** Replaces the hash of an unchanged password by one of today's cost. */
  async replaceHash(id: string, passwordHash: string): Promise<void> {
    await this.pool.query('update maru.operators set password_hash = $2 where id = $1', [id, passwordHash]);
  }
}

function toSubject(row: OperatorRow): Subject {
  const isActive = row.status === 'active';
  return {
    kind: 'operator',
    id: row.id,
    tenantId: null,
    role: 'operator',
    ver: row.ver,
    isActive,
    isTenantSuspended: false,
  };
}
