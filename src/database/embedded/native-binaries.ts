import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.errors.js';
import { CACHE_DIRECTORY, makeTraversable, othersCanTraverse } from './server-account.js';

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/**
 * Directory of the PostgreSQL programs, ready to run: links made, modes set, and copied once to a cache owned by root
 * when the account that must run them cannot reach the checkout. Throws EmbeddedPostgresError on an unsupported platform.
 */
export function nativeBinaries(runsAsOther: boolean): string {
  const root = installedRoot();
  hydrate(root);
  return runsAsOther && !othersCanTraverse(root) ? copyToCache(root) : root;
}

/** Path of one program below such a directory. */
export function programOf(root: string, name: 'postgres' | 'initdb'): string {
  return path.join(root, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

function installedRoot(): string {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (error) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for this machine (package ${name} is not installed): ` +
        'set DATABASE_URL to a PostgreSQL 15 or newer, as a user that may create roles.',
      { cause: error },
    );
  }
}

/** Does what the package's install script would do, because npm 12 runs none. Safe to repeat. */
function hydrate(root: string): void {
  const list = path.join(root, 'pg-symlinks.json');
  const links = fs.existsSync(list)
    ? (JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[])
    : [];
  for (const { source, target } of links) {
    const link = path.join(root, '..', target);
    if (fs.lstatSync(link, { throwIfNoEntry: false })) continue;
    linkOnce(path.relative(path.dirname(link), path.join(root, '..', source)), link);
  }
  for (const name of fs.readdirSync(path.join(root, 'bin'))) {
    const file = path.join(root, 'bin', name);
    const { mode } = fs.statSync(file);
    if ((mode & 0o555) !== 0o555) fs.chmodSync(file, mode | 0o555);
  }
}

function linkOnce(source: string, link: string): void {
  try {
    fs.symlinkSync(source, link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The copy is renamed into place when it is complete, so that an interrupted one is never used. */
function copyToCache(root: string): string {
  const version = fs.readFileSync(path.join(root, '..', 'package.json'), 'utf8');
  const target = path.join(
    CACHE_DIRECTORY,
    `postgres-${createHash('sha256').update(version).digest('hex').slice(0, 12)}`,
  );
  if (fs.existsSync(target)) return target;
  makeTraversable(CACHE_DIRECTORY);
  const partial = `${target}.${process.pid}`;
  fs.cpSync(root, partial, { recursive: true, verbatimSymlinks: true });
  fs.chmodSync(partial, 0o755);
  try {
    fs.renameSync(partial, target);
  } catch (error) {
    fs.rmSync(partial, { recursive: true, force: true });
    if (!fs.existsSync(target)) throw error;
  }
  return target;
}
