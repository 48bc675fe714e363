import pg from 'pg';
import { roleUrl } from '../../dist/src/database/role-url.js';
import { SubmissionRepository } from '../../dist/src/jobs/submission/submission.repository.js';
import { SubmissionWriter } from '../../dist/src/jobs/submission/submission-writer.js';
import { sampleJob } from './sample-job.mjs';

/** Jobs made durable by `callers` who each wait for their commit: through the writer, or each in a transaction of its own. */
export class Submitters {
  constructor(app, config, tenants) {
    this.writer = app.get(SubmissionWriter, { strict: false });
    this.tenants = tenants;
    this.pool = new pg.Pool({ connectionString: roleUrl(config.database.url, 'maru_ingest', config.secrets), max: 32 });
    this.alone = new SubmissionRepository(this.pool);
  }

  /** The product's way. */
  batched(count, callers) {
    return this.#run(count, callers, (job) => this.writer.write(job));
  }

  /** The same statement with the same rows, one job a transaction. */
  sameRows(count, callers) {
    return this.#run(count, callers, (job) => this.alone.insert([job]));
  }

  /** One plain INSERT of the job's own row, and nothing else of what makes it a job. */
  plainRow(count, callers) {
    return this.#run(count, callers, (job) =>
      this.pool.query({ name: 'plain', text: PLAIN, values: plainValues(job) }),
    );
  }

  async #run(count, callers, write) {
    let sent = 0;
    const caller = async () => {
      while (sent < count) await write(sampleJob(this.tenants[sent++ % this.tenants.length]));
    };
    await Promise.all(Array.from({ length: callers }, caller));
  }

  close() {
    return this.pool.end();
  }
}

const PLAIN = `insert into maru.jobs (tenant_id, id, analyzer_id, analyzer_slug, analyzer_version, priority, max_attempts, test,
  created_by, trace_id, input_digest, metadata, input) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`;

function plainValues(job) {
  const { tenantId, id, analyzerId, analyzerSlug, analyzerVersion, priority, maxAttempts, test } = job;
  const text = [JSON.stringify(job.metadata), JSON.stringify(job.input)];
  const row = [tenantId, id, analyzerId, analyzerSlug, analyzerVersion, priority, maxAttempts, test];
  return [...row, job.createdBy, job.traceId, job.inputDigest, ...text];
}
