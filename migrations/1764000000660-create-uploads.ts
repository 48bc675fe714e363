import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

const UPLOADS = `
create table maru.uploads (
  tenant_id uuid not null,
  id uuid not null,
  purpose text not null,
  name text not null,
  bytes bigint not null,
  sha256 text,
  completed_at timestamptz,
  idempotency_key text,
  fingerprint text not null,
  created_by text,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  constraint uploads_pkey primary key (tenant_id, id),
  constraint uploads_purpose_check check (purpose in ('job_input', 'model')),
  constraint uploads_name_check check (length(name) between 1 and 255),
  constraint uploads_bytes_check check (bytes > 0),
  constraint uploads_sha256_check check (sha256 ~ '^[0-9a-f]{64}$')
);
comment on table maru.uploads is 'Resumable uploads that were begun; the bytes received so far are those of the temporary file.';
comment on column maru.uploads.id is 'Becomes the id of the file.';
comment on column maru.uploads.sha256 is 'What the client says that the content will have; null = it does not say.';
comment on column maru.uploads.expires_at is 'An upload that is not complete by then is given up.';
create unique index uploads_idempotency_key on maru.uploads (tenant_id, idempotency_key) where idempotency_key is not null;
call maru.isolate('maru.uploads');
create policy worker on maru.uploads for all to maru_worker using (true) with check (true);
grant select, insert, update (completed_at) on maru.uploads to maru_app;
grant select, delete on maru.uploads to maru_worker`;

/** Uploads in parts, for files that are too large or lines that are too weak for one request. */
export class CreateUploads1764000000660 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, UPLOADS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, 'drop table maru.uploads');
  }
}
