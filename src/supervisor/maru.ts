import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../common/clock.js';
import { childEnvironment } from '../config/child-environment.js';
import type { MaruConfig } from '../config/config.js';
import { announce, type AnnouncedTenant } from './announce.js';
import { say } from './console-log.js';
import { DataDirectoryLock } from './data-directory-lock.js';
import { DatabaseKeeper } from './database-keeper.js';
import { assertDatabaseReachable, assertPortFree } from './preflight.js';
import { RestartBackoff } from './restart-backoff.js';
import { SupervisedProcess } from './supervised-process.js';

/** Longest drain of the api and the worker. */
const DRAIN_LIMIT_MS = 20_000;
const ENTRY_SCRIPTS = { api: 'main.js', worker: 'worker.js' } as const;

/** Everything on one machine: the embedded database, one api and one worker, kept alive until `stop`. */
export class Maru {
  private readonly lock: DataDirectoryLock;
  private readonly keeper: DatabaseKeeper | null;
  private roles: SupervisedProcess[] = [];
  private stopping = false;

  constructor(
    private readonly config: MaruConfig,
    private readonly clock: Clock,
  ) {
    const { dataDir } = config.storage;
    this.lock = new DataDirectoryLock(dataDir);
    const embedded = config.database.url === null;
    this.keeper = embedded ? new DatabaseKeeper(dataDir, config.secrets, new RestartBackoff(clock)) : null;
  }

  /**
   * Checks, starts, migrates, seeds and announces; resolves when all of it is done.
   * Throws StartRefusedError or EmbeddedPostgresError with one sentence.
   */
  async start(): Promise<void> {
    const beganMs = this.clock.monotonic();
    await this.claimMachine();
    this.roles = this.forkableRoles();
    this.roles[0]?.prepare();
    const databaseUrl = await this.openDatabase();
    await this.unlessStopping(() => this.migrate(databaseUrl));
    const tenants = await this.unlessStopping(() => this.seed(databaseUrl));
    await this.unlessStopping(() => this.startRoles(databaseUrl));
    const readyMs = this.clock.monotonic() - beganMs;
    await this.unlessStopping(() => this.tryDemo());
    await this.unlessStopping(() => announce(this.config, tenants ?? [], readyMs / 1000));
  }

  /** True from the first call of `stop`: errors of steps that it cut off mean nothing. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /** Drains the roles (at most 20 s), then ends the embedded database. Resolves when every process is gone. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.roles.map((role) => role.stop(DRAIN_LIMIT_MS)));
    await this.keeper?.stop();
    this.lock.release();
  }

  /** Ends the roles at once, without a drain; their leases expire and their jobs run again. */
  killRoles(): void {
    for (const role of this.roles) role.kill();
  }

  private async claimMachine(): Promise<void> {
    await assertPortFree(this.config.server, this.lock.wasLeftBehind());
    this.lock.take();
  }

  private async openDatabase(): Promise<string> {
    if (this.keeper) return this.keeper.start();
    const url = this.config.database.url ?? '';
    await assertDatabaseReachable(url);
    return url;
  }

  /** Loaded on demand: the seed brings the tenant and auth rooms along, which production never needs here. */
  private async seed(databaseUrl: string): Promise<readonly AnnouncedTenant[]> {
    if (this.config.server.production) return [];
    const { seedDemo } = await import('../demo/demo-seed.js');
    return (await seedDemo(this.config, databaseUrl)).tenants;
  }

  /**
   * The api first: it loads its modules while the database comes up, and everything that only the first minutes of a
   * process need is imported when its turn comes. The worker follows when this process has done its part; a machine may
   * have no more than two cores.
   */
  private forkableRoles(): SupervisedProcess[] {
    const { dataDir } = this.config.storage;
    const defaults = { LOG_LEVEL: 'warn', NODE_COMPILE_CACHE: path.join(dataDir, 'cache', 'compiled') };
    const env = childEnvironment({ DATA_DIR: dataDir }, defaults);
    return Object.entries(ENTRY_SCRIPTS).map(([role, file]) => {
      const script = fileURLToPath(new URL(`../${file}`, import.meta.url));
      return new SupervisedProcess({ role, script, env }, new RestartBackoff(this.clock));
    });
  }

  private async migrate(databaseUrl: string): Promise<void> {
    const { migrate } = await import('../database/migrate.js');
    await migrate(databaseUrl, this.config.secrets);
  }

  private async startRoles(databaseUrl: string): Promise<void> {
    await Promise.all(this.roles.map((role) => role.start({ DATABASE_URL: databaseUrl })));
  }

  /** The demo shows that jobs run; a platform that runs without it still runs. */
  private async tryDemo(): Promise<void> {
    if (this.config.server.production) return;
    try {
      const { runDemoJobs } = await import('../demo/demo-run.js');
      await runDemoJobs(this.config, say);
    } catch (error) {
      say(`The demo jobs did not end: ${(error as Error).message}`);
    }
  }

  private async unlessStopping<T>(step: () => T | Promise<T>): Promise<T | undefined> {
    return this.stopping ? undefined : step();
  }
}
