import type { Secrets } from '../config/config.js';
import type { LoginRole } from './database-roles.js';

/** The connection URL of a runtime role: the administrator's URL with the role's name and derived password. */
export function roleUrl(adminUrl: string | null, role: LoginRole, secrets: Secrets): string {
  if (adminUrl === null) {
    throw new Error('DATABASE_URL is not set: start Maru through its supervisor, or set it for this process.');
  }
  const url = new URL(adminUrl);
  url.username = role;
  url.password = secrets.rolePassword(role);
  return url.toString();
}
