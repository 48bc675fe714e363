import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.errors.js';

/** Owned by root and never world-writable: what runs as another account may be placed here. */
export const CACHE_DIRECTORY = '/var/lib/maru';

/** Account that the server runs as; empty = our own. */
export type ServerAccount = { uid: number; gid: number } | { uid?: undefined; gid?: undefined };

/**
 * PostgreSQL refuses to run as root. Root therefore starts it as the owner of an existing cluster, else as `nobody`,
 * which exists everywhere. No account is created.
 */
export function serverAccount(directory: string): ServerAccount {
  if (process.getuid?.() !== 0) return ownAccount();
  const owner = fs.statSync(directory, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const nobody = fs.readFileSync('/etc/passwd', 'utf8').match(/^nobody:[^:]*:(\d+):(\d+):/m);
  if (!nobody) {
    throw new EmbeddedPostgresError(
      'PostgreSQL does not run as root and this machine has no account "nobody": start Maru as another user, or set DATABASE_URL.',
    );
  }
  return { uid: Number(nobody[1]), gid: Number(nobody[2]) };
}

/** initdb looks its own user up and gives up without an entry, as in a container that runs under a made-up uid. */
function ownAccount(): ServerAccount {
  try {
    os.userInfo();
    return {};
  } catch (error) {
    throw new EmbeddedPostgresError(
      `PostgreSQL needs an account and user id ${process.getuid?.()} has none on this machine: add it to /etc/passwd, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

/**
 * Where the cluster of `directory` lies: there, or, when root's account for it cannot reach that place (a checkout below
 * a 0700 directory), under the cache. The place is remembered beside it, so that a new checkout starts a new cluster.
 */
export function clusterDirectory(directory: string): string {
  if (process.getuid?.() !== 0) return directory;
  const pointer = `${directory}.location`;
  if (fs.existsSync(pointer)) return fs.readFileSync(pointer, 'utf8').trim();
  if (fs.existsSync(directory) || othersCanTraverse(path.dirname(directory))) return directory;
  makeTraversable(CACHE_DIRECTORY);
  const place = path.join(CACHE_DIRECTORY, `cluster-${randomUUID()}`);
  fs.writeFileSync(pointer, `${place}\n`);
  return place;
}

/** True when every directory up to the root lets other accounts pass. */
export function othersCanTraverse(directory: string): boolean {
  for (let at = path.resolve(directory); ; at = path.dirname(at)) {
    if ((fs.statSync(at).mode & 0o005) !== 0o005) return false;
    if (at === path.dirname(at)) return true;
  }
}

/** Makes a directory that other accounts can pass, whatever the umask is. */
export function makeTraversable(directory: string): void {
  if (!fs.existsSync(directory)) fs.mkdirSync(directory, { recursive: true });
  fs.chmodSync(directory, 0o755);
}
