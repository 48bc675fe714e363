/** Roles that log in at run time. Each gets its password from the master key; none is stored. */
export const LOGIN_ROLES = [
  'maru_app',
  'maru_ingest',
  'maru_worker',
  'maru_auth',
  'maru_platform',
  'maru_queue',
  'maru_audit',
  'maru_backup',
] as const;

/** A role that a process may log in as. What each may do: docs/database.md. */
export type LoginRole = (typeof LOGIN_ROLES)[number];
