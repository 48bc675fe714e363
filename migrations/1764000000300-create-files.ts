import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

const FILES = `
  create table maru.files (
    tenant_id uuid not null,
    id uuid not null,
    purpose text not null,
    name text not null,
    mime_type text not null,
    bytes bigint not null,
    sha256 text not null,
    width int,
    height int,
    status text not null default 'ready',
    created_by text,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    constraint files_pkey primary key (tenant_id, id),
    constraint files_tenant_fkey foreign key (tenant_id) references maru.tenants (id),
    constraint files_purpose_check check (purpose in
      ('job_input', 'job_output', 'batch_input', 'batch_output', 'model', 'brand_asset')),
    constraint files_name_check check (length(name) between 1 and 255),
    constraint files_bytes_check check (bytes >= 0),
    constraint files_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
    constraint files_status_check check (status in ('pending', 'ready', 'rejected', 'expired'))
  );
  comment on table maru.files is 'What is known of a stored file; its bytes lie in the file store under tenant and id.';
  comment on column maru.files.name is 'As the client gave it; only ever shown, never part of a path.';
  comment on column maru.files.mime_type is 'Decided by the content, never by the name or the type that the client sent.';
  comment on column maru.files.width is 'Pixels; null unless the file is a picture.';
  comment on column maru.files.created_by is 'Public id of the member or key.';
  comment on column maru.files.expires_at is 'When the bytes go; null = kept.';
  create index files_expired_idx on maru.files (tenant_id, id) where status = 'expired';
  call maru.isolate('maru.files');
  create policy worker on maru.files for all to maru_worker using (true) with check (true);
  grant select, insert, delete, update (status, expires_at) on maru.files to maru_app;
  grant select, delete, update (status) on maru.files to maru_worker;
`;

/** Files of tenants: uploads, and what jobs put out. */
export class CreateFiles1764000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, FILES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, 'drop table maru.files');
  }
}
