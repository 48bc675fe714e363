import path from 'node:path';
import type { Secrets } from '../config/config.js';
import { embeddedPort } from '../database/embedded/embedded-port.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../database/embedded/embedded-postgres.js';
import { isAlive, livingPostmaster } from '../database/embedded/postmaster.js';
import { clusterDirectory } from '../database/embedded/server-account.js';
import { sayAs } from './console-log.js';
import type { RestartBackoff } from './restart-backoff.js';

/**
 * Production settings on one machine. 256 MB of buffers hold the hot tables; 100 connections are several times what one
 * api and one worker open; a short naptime keeps the small hot queue table from bloating; 2 GB of log spread checkpoints.
 */
const SETTINGS = { shared_buffers: '256MB', max_connections: '100', autovacuum_naptime: '5s', max_wal_size: '2GB' };
/** An adopted server is not our child and sends no exit event, so its life is looked at this often. */
const LOOK_EVERY_MS = 200;
const ROLE = 'postgres';

/** Runs the embedded server of a data directory and starts it again whenever it dies. */
export class DatabaseKeeper {
  private server: EmbeddedPostgres | null = null;
  private timer: NodeJS.Timeout | null = null;
  private stopping = false;
  private launching: Promise<EmbeddedPostgres> | null = null;

  constructor(
    private readonly dataDir: string,
    private readonly secrets: Secrets,
    private readonly backoff: RestartBackoff,
  ) {}

  /** Starts or adopts the server; resolves with the URL of its superuser. */
  async start(): Promise<string> {
    const server = await this.launch();
    this.look();
    return server.url;
  }

  /** Ends the server, started or adopted; resolves when it is gone. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    await this.launching?.catch(() => undefined);
    await this.server?.stop();
  }

  private async launch(): Promise<EmbeddedPostgres> {
    this.launching = this.launchServer();
    this.server = await this.launching;
    return this.server;
  }

  private async launchServer(): Promise<EmbeddedPostgres> {
    const directory = path.join(this.dataDir, 'postgres');
    const port =
      this.server?.port ??
      (await embeddedPort(this.dataDir, livingPostmaster(clusterDirectory(directory))?.port ?? null));
    this.backoff.started();
    const password = this.secrets.rolePassword('postgres');
    return startEmbeddedPostgres({ directory, port, password, settings: SETTINGS });
  }

  private look(): void {
    if (this.stopping) return;
    const alive = this.server !== null && isAlive(this.server.pid);
    const pauseMs = alive ? LOOK_EVERY_MS : this.backoff.died();
    if (!alive) sayAs(ROLE, `ended; starting it again${pauseMs > 0 ? ` in ${pauseMs} ms` : ''}`);
    this.timer = setTimeout(() => void (alive ? this.look() : this.revive()), pauseMs);
  }

  private async revive(): Promise<void> {
    try {
      await this.launch();
      sayAs(ROLE, 'back');
    } catch (error) {
      sayAs(ROLE, (error as Error).message);
    }
    this.look();
  }
}
