import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgresError } from './embedded-postgres.errors.js';
import { initializeCluster, programOptions } from './initialize-cluster.js';
import { nativeBinaries, programOf } from './native-binaries.js';
import { isAlive, livingPostmaster, stopPostmaster } from './postmaster.js';
import { clusterDirectory, type ServerAccount, serverAccount } from './server-account.js';

/** What an embedded server is started with. */
export interface EmbeddedPostgresOptions {
  /** The cluster; made on first use. */
  readonly directory: string;
  /** Port on 127.0.0.1. A server that already runs keeps its own. */
  readonly port: number;
  /** Password of the superuser `postgres`; must stay the same for one directory. */
  readonly password: string;
  /** Server settings, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly initdbFlags?: readonly string[];
}

/** A server that answers. */
export interface EmbeddedPostgres {
  /** Of the superuser, database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** Where the cluster really lies. */
  readonly directory: string;
  /** True when it already ran: an earlier process was killed and left it. */
  readonly adopted: boolean;
  readonly pid: number;
  /** Fast shutdown; resolves when it is gone. */
  stop(): Promise<void>;
}

/** A killed predecessor may hold its lock file for 2 s until it is reaped: 10 tries 0.5 s apart outlast it. */
const START_TRIES = 10;
/** Crash recovery replays at most max_wal_size; a server that takes longer is reported with its log. */
const READY_TIMEOUT_MS = 120_000;
const LOG_LIMIT_BYTES = 10 * 2 ** 20;

/**
 * Starts PostgreSQL from the installed platform package, or adopts the one that already runs on this directory.
 * It listens on 127.0.0.1 alone, outlives a Ctrl-C (so that the application can drain first) and needs no install script.
 * Throws EmbeddedPostgresError.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const wanted = path.resolve(options.directory);
  fs.mkdirSync(path.dirname(wanted), { recursive: true });
  const directory = clusterDirectory(wanted);
  const account = serverAccount(directory);
  const binaries = nativeBinaries(account.uid !== undefined);
  await initializeCluster({ ...options, directory, account, binaries, initdbFlags: options.initdbFlags ?? [] });
  const launch = new Launch({ ...options, directory }, account, programOf(binaries, 'postgres'));
  for (let tries = 1; ; tries++) {
    const server = (await launch.adopt()) ?? (await launch.start());
    if (server) return server;
    if (tries >= START_TRIES) throw launch.failure();
    await delay(500);
  }
}

/** One attempt after the other to reach a running server of one cluster. */
class Launch {
  private readonly logFile: string;
  private exit: string | null = null;

  constructor(
    private readonly options: EmbeddedPostgresOptions,
    private readonly account: ServerAccount,
    private readonly program: string,
  ) {
    this.logFile = `${options.directory}.log`;
  }

  /** The server that already runs here, if it is really the one of this directory. */
  async adopt(): Promise<EmbeddedPostgres | null> {
    const postmaster = livingPostmaster(this.options.directory);
    if (!postmaster) return null;
    return (await this.answers(postmaster.port, () => isAlive(postmaster.pid), 5_000))
      ? this.server(postmaster.port, true)
      : null;
  }

  async start(): Promise<EmbeddedPostgres | null> {
    const { port } = this.options;
    this.exit = null;
    const log = fs.openSync(this.logFile, logMode(this.logFile));
    const child = spawn(this.program, this.flags(), {
      ...programOptions(this.account),
      detached: true,
      stdio: ['ignore', log, log],
    });
    fs.closeSync(log);
    child.on('error', (error) => (this.exit = error.message));
    child.on('exit', (code, signal) => (this.exit = String(code ?? signal)));
    child.unref();
    return (await this.answers(port, () => this.exit === null, READY_TIMEOUT_MS)) ? this.server(port, false) : null;
  }

  failure(): EmbeddedPostgresError {
    const tail = fs.readFileSync(this.logFile, 'utf8').trim().split('\n').slice(-3).join(' | ');
    return new EmbeddedPostgresError(
      `The embedded PostgreSQL did not start (${this.exit}); ${this.logFile} ends with: ${tail}`,
    );
  }

  private flags(): string[] {
    const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...this.options.settings };
    const pairs = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    return ['-D', this.options.directory, '-p', String(this.options.port), ...pairs];
  }

  private server(port: number, adopted: boolean): EmbeddedPostgres {
    const { directory } = this.options;
    const pid = livingPostmaster(directory)?.pid ?? 0;
    return { url: this.url(port), port, directory, adopted, pid, stop: () => stopPostmaster(directory) };
  }

  private url(port: number): string {
    return `postgres://postgres:${encodeURIComponent(this.options.password)}@127.0.0.1:${port}/postgres`;
  }

  /** Asks until the server of this very directory answers; false when it ended or the time is over. */
  private async answers(port: number, lives: () => boolean, timeoutMs: number): Promise<boolean> {
    const end = performance.now() + timeoutMs;
    while (lives() && performance.now() < end) {
      const found = await dataDirectory(this.url(port));
      if (found.directory) return sameDirectory(found.directory, this.options.directory);
      if (found.code === '28P01') throw wrongPassword(this.options.directory);
      await delay(20);
    }
    return false;
  }
}

async function dataDirectory(url: string): Promise<{ directory?: string; code?: string }> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ directory: string }>(`select current_setting('data_directory') as directory`);
    return { directory: rows[0]?.directory };
  } catch (error) {
    return { code: (error as { code?: string }).code };
  } finally {
    await client.end().catch(() => undefined);
  }
}

function sameDirectory(a: string, b: string): boolean {
  return fs.realpathSync(a) === fs.realpathSync(b);
}

function wrongPassword(directory: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `The database in ${directory} was made with another master key: ` +
      'give MARU_MASTER_KEY (or master.key in DATA_DIR) its old value, or move that directory away to begin anew.',
  );
}

/** Appends, but begins anew once the log is large. */
function logMode(file: string): 'a' | 'w' {
  return (fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES ? 'w' : 'a';
}
