import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { newUuid, publicId, uuidOf } from '../../../src/common/ids.js';
import type { JobEnd } from '../../../src/jobs/recording/job-journal.js';
import { ownerQuery as query } from '../owner-query.js';
import type { HandWorker } from '../job-worker.js';
import type { Caller, Company } from './company.js';
import { type Holder, type KindName, KINDS } from './kinds.js';
import { multipart } from './multipart.js';
import { readyModel } from './ready-model.js';

const SIGNAL = { analyzer: 'signal-anomaly', input: { values: Array.from({ length: 256 }, (_, i) => i % 7) } };
/** Makes the things that requests name, through the API itself where it can. */
export class Stock {
  private readonly known = new Map<string, Promise<string>>();
  private count = 0;

  constructor(
    private readonly app: NestFastifyApplication,
    private readonly worker: HandWorker,
    private readonly operator: Caller & { readonly id: string },
  ) {}

  /** One for everybody who only looks. */
  shared(kind: KindName, holder: Holder): Promise<string> {
    const { isPersonal, make } = KINDS[kind];
    const key = `${kind} ${holder.company.tenantId} ${isPersonal ? holder.caller.name : ''}`;
    let name = this.known.get(key);
    if (!name) this.known.set(key, (name = make(this, holder)));
    return name;
  }

  /** One that may be destroyed. */
  fresh(kind: KindName, holder: Holder): Promise<string> {
    return KINDS[kind].make(this, holder);
  }

  /** A word that was not there before. */
  word(): string {
    return `w${(++this.count).toString(36)}-${randomBytes(4).toString('hex')}`;
  }

  async newTenant(): Promise<string> {
    const body = { slug: this.word(), name: 'Passing' };
    return (await this.create<{ id: string }>('/v1/admin/tenants', this.operator.token, body)).id;
  }

  async newOperator(): Promise<string> {
    const id = newUuid();
    const values = [id, `${this.word()}@maru.example`];
    await query(`insert into maru.operators (id, email, name, password_hash) values ($1, $2, 'Passing', 'x')`, values);
    return publicId('operator', id);
  }

  async newImpersonation({ tenantId }: Company): Promise<string> {
    const id = newUuid();
    await query(
      `insert into maru.impersonations (tenant_id, id, operator_id, reason, expires_at) values ($1, $2, $3, 'look', now() + interval '1 hour')`,
      [tenantId, id, this.operator.id],
    );
    return publicId('impersonation', id);
  }

  async newMember({ tenantId, slug }: Company, status: string): Promise<string> {
    const id = newUuid();
    const values = [tenantId, id, `${this.word()}@${slug}.example`, `Passing ${slug}`, status];
    await query(
      `insert into maru.members (tenant_id, id, email, name, role, status) values ($1, $2, $3, $4, 'viewer', $5)`,
      values,
    );
    return publicId('member', id);
  }

  async withFactor<T>(realm: string, subjectId: string, result: T): Promise<T> {
    const values = [realm, subjectId];
    await query(
      `insert into maru.second_factors (tenant_id, subject_id, secret_sealed, confirmed_at) values ($1, $2, '\\x00', now())`,
      values,
    );
    return result;
  }

  async newKey({ tenantId, slug }: Company): Promise<string> {
    const id = newUuid();
    await query(
      `insert into maru.api_keys (tenant_id, id, name, lookup, hash, start, last4, scopes) values ($1, $2, $3, $4, $5, 'maru_test_x', 'abcd', '{jobs:read}')`,
      [tenantId, id, `passing ${slug}`, randomBytes(6).toString('hex'), randomBytes(32)],
    );
    return publicId('apiKey', id);
  }

  async newSession({ company, caller }: Holder): Promise<string> {
    const id = newUuid();
    const isOperator = caller.name === 'operator';
    const realm = isOperator ? '00000000-0000-0000-0000-000000000000' : company.tenantId;
    const subject = isOperator ? this.operator.id : (caller.memberId ?? newUuid());
    await query(
      `insert into maru.sessions (tenant_id, id, kind, subject_kind, subject_id, expires_at, user_agent) values ($1, $2, 'refresh', $3, $4, now() + interval '1 day', $5)`,
      [realm, id, isOperator ? 'operator' : 'member', subject, company.slug],
    );
    return publicId('session', id);
  }

  async newFile(company: Company, purpose: string, content: Buffer): Promise<string> {
    const form = multipart({ purpose }, [{ field: 'file', name: `${company.slug}.bin`, content }]);
    return (await this.create<{ id: string }>('/v1/files', company.owner.token, form.payload, form.headers)).id;
  }

  /** An upload in parts that nothing was sent to, with its signed address. */
  async newUpload(company: Company): Promise<{ id: string; uploadUrl: string }> {
    const body = { purpose: 'model', name: `${company.slug}.onnx`, bytes: 4 };
    return this.create('/v1/uploads', company.owner.token, body);
  }

  async receivedUpload(company: Company): Promise<string> {
    const { id, uploadUrl } = await this.newUpload(company);
    const headers = { 'content-type': 'application/octet-stream' };
    await this.app.inject({ method: 'PUT', url: uploadUrl, headers, payload: Buffer.from('onnx') });
    return id;
  }

  async newJob(company: Company, priority: string): Promise<string> {
    const body = { ...SIGNAL, priority, metadata: { company: company.slug } };
    return (await this.create<{ id: string }>('/v1/jobs', company.owner.token, body)).id;
  }

  /** A job with an end, and every other one that was to run before it. */
  async endedJob(company: Company, end: JobEnd): Promise<string> {
    const id = await this.newJob(company, 'interactive');
    const result = end.result && { ...end.result, data: { text: company.slug } };
    for (;;) {
      const [journal] = await this.worker.claim(company.tenantId, 1);
      if (!journal || !(await this.worker.end(journal, { ...end, result }))) throw new Error(`${id} cannot be ended`);
      if (journal.claim.jobId === uuidOf('job', id)) return id;
    }
  }

  /** A model that passed its admission, which no pointer names. */
  readyModel(company: Company, slug: string): Promise<string> {
    return readyModel(this.app, '/v1/models', company.owner.token, slug);
  }

  /** The slug of an analyzer with three versions: the stable one, the one before, and a canary. */
  async newAnalyzer(company: Company): Promise<string> {
    const slug = `a${randomBytes(3).toString('hex')}-${company.slug}`;
    const pointers = [
      { alias: 'stable', modelId: await this.readyModel(company, slug) },
      { alias: 'stable', modelId: await this.readyModel(company, slug) },
      { alias: 'canary', modelId: await this.readyModel(company, slug) },
    ];
    for (const { alias, modelId } of pointers) {
      const url = `/v1/analyzers/${slug}/aliases/${alias}`;
      await this.send('PUT', url, company.owner.token, { modelId });
    }
    return slug;
  }

  private create<T>(
    url: string,
    token: string | null,
    payload: object,
    headers: Record<string, string> = {},
  ): Promise<T> {
    return this.send('POST', url, token, payload, headers);
  }

  private async send<T>(
    method: 'POST' | 'PUT',
    url: string,
    token: string | null,
    payload: object,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const answer = await this.app.inject({
      method,
      url,
      headers: { ...headers, authorization: `Bearer ${token}` },
      payload,
    });
    if (answer.statusCode >= 300) throw new Error(`${method} ${url}: ${answer.statusCode} ${answer.body}`);
    return answer.json<T>();
  }
}
