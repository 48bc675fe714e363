import { Injectable } from '@nestjs/common';
import { type AuditActor, AuditTrail } from '../../audit/audit-trail.js';
import { DomainError, NotFoundError } from '../../common/domain-error.js';
import { newUuid, publicId } from '../../common/ids.js';
import { TenantDb } from '../../database/tenant-db.js';
import { AlreadyExistsError } from '../auth.errors.js';
import { normalizeEmail } from '../email.js';
import { requireAccount, requirePassword } from '../new-account.js';
import { NIL_TENANT } from '../opaque-token.js';
import type { NewOperator } from '../operators.service.js';
import { PasswordHasher } from '../password-hasher.js';
import { Principals } from '../principals.js';
import { SecondFactorsRepository } from '../second-factor/second-factors.repository.js';
import { SessionsRepository } from '../sessions.repository.js';
import { type Operator, OperatorListRepository } from './operator-list.repository.js';

/** What to change of an operator. */
export interface OperatorChange {
  readonly name?: string;
  readonly status?: 'active' | 'disabled';
  /** For one who forgot it. Ends every session. */
  readonly password?: string;
}

/** There is always somebody who can run the installation. */
export class LastOperatorError extends DomainError {
  readonly code = 'invalid-state-transition';
  override readonly extensions = { currentStatus: 'last_operator', allowed: [] };
  constructor() {
    super('This is the last active operator. Create another one first.');
  }
}

/** Operators manage each other. Every change is one transaction with its entry in the platform's audit log. */
@Injectable()
export class OperatorAdministration {
  constructor(
    private readonly repository: OperatorListRepository,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsRepository,
    private readonly factors: SecondFactorsRepository,
    private readonly db: TenantDb,
    private readonly principals: Principals,
    private readonly audit: AuditTrail,
  ) {}

  /** In the order of their creation, after the one with `afterId`. */
  list(limit: number, afterId: string | null): Promise<Operator[]> {
    return this.repository.list(limit, afterId);
  }

  /** @throws ValidationFailedError, AlreadyExistsError */
  async create(wanted: NewOperator, actor: AuditActor): Promise<Operator> {
    const email = normalizeEmail(wanted.email);
    requireAccount({ ...wanted, email });
    const passwordHash = await this.hasher.hash(wanted.password);
    return this.repository.inTransaction(async (client) => {
      const row = { id: newUuid(), email, name: wanted.name.trim(), passwordHash };
      const operator = await this.repository.insert(client, row);
      if (!operator) throw new AlreadyExistsError('There is an operator with this e-mail address.');
      await this.audit.record(client, { ...about(actor, operator), action: 'operator.created', after: view(operator) });
      return operator;
    });
  }

  /** @throws NotFoundError, LastOperatorError, ValidationFailedError */
  async change(id: string, change: OperatorChange, actor: AuditActor): Promise<Operator> {
    if (change.password !== undefined) requirePassword(change.password, change.name ? [change.name] : []);
    const passwordHash = change.password === undefined ? null : await this.hasher.hash(change.password);
    const changed = await this.repository.inTransaction(async (client) => {
      const { target, isLast } = this.pick(await this.repository.lock(client, [id]), id);
      const { name = target.name, status = target.status } = change;
      if (isLast && status !== 'active') throw new LastOperatorError();
      const after = await this.repository.update(client, id, { name: name.trim(), status, passwordHash });
      const entry = { ...about(actor, target), before: view(target), after: view(after) };
      await this.audit.record(client, { ...entry, action: 'operator.changed' });
      if (passwordHash) await this.audit.record(client, { ...about(actor, target), action: 'operator.password_reset' });
      return after;
    });
    if (passwordHash || changed.status === 'disabled') await this.signOut(id, passwordHash ? 'password' : 'removed');
    return changed;
  }

  /** @throws NotFoundError, LastOperatorError */
  async remove(id: string, actor: AuditActor): Promise<void> {
    await this.repository.inTransaction(async (client) => {
      const { target, isLast } = this.pick(await this.repository.lock(client, [id]), id);
      if (isLast) throw new LastOperatorError();
      await this.repository.remove(client, id);
      await this.audit.record(client, { ...about(actor, target), action: 'operator.removed', before: view(target) });
    });
    await this.db.run(NIL_TENANT, () => this.factors.remove({ realm: NIL_TENANT, subjectId: id }));
    await this.signOut(id, 'removed');
  }

  /** For an operator who lost the phone. @throws NotFoundError when there is no such operator or factor */
  async removeSecondFactor(id: string, actor: AuditActor): Promise<void> {
    await this.db.run(NIL_TENANT, async (manager) => {
      if (!(await this.factors.remove({ realm: NIL_TENANT, subjectId: id }))) throw new NotFoundError();
      const target = { type: 'operator', id: publicId('operator', id) };
      await this.audit.record(manager, { tenantId: null, actor, action: 'operator.second_factor_removed', target });
    });
  }

  private pick(rows: readonly Operator[], id: string): { target: Operator; isLast: boolean } {
    const target = rows.find((operator) => operator.id === id);
    if (!target) throw new NotFoundError();
    const active = rows.filter(({ status }) => status === 'active');
    return { target, isLast: active.length === 1 && active[0]!.id === id };
  }

  /** The account itself is refused already; its sessions end for good measure. */
  private async signOut(id: string, reason: 'password' | 'removed'): Promise<void> {
    await this.db.run(NIL_TENANT, () => this.sessions.revokeAllHere(NIL_TENANT, id, reason));
    this.principals.forget();
  }
}

function about(actor: AuditActor, { id }: Operator) {
  return { tenantId: null, actor, target: { type: 'operator', id: publicId('operator', id) } };
}

function view({ email, name, status }: Operator): object {
  return { email, name, status };
}
