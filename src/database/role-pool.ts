import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { DatabaseConfig, Secrets } from '../config/config.js';
import type { LoginRole } from './database-roles.js';
import { roleUrl } from './role-url.js';

const CONNECT_TIMEOUT_MS = 10_000; // covers the wait for a free connection too: a burst queues, it is not refused
const ANSWER_TIMEOUT_MS = 30_000; // a server that is gone without a word must not hold a duty for ever

/**
 * Connections of one runtime role. Opens none until the first query, so a process holds only what it uses;
 * closes in the last phase of the shutdown, after every duty has stopped.
 */
export abstract class RolePool extends pg.Pool implements OnApplicationShutdown {
  constructor(role: LoginRole, maxConnections: number, config: DatabaseConfig, secrets: Secrets) {
    super({
      connectionString: roleUrl(config.url, role, secrets),
      application_name: role,
      max: maxConnections,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
    });
    const logger = new Logger(role);
    this.on('error', (error) => logger.warn(`An idle connection was lost: ${error.message}`));
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.ended) await this.end();
  }
}

/** maru_ingest: inserts new jobs of many tenants in one statement; reads no payload. */
@Injectable()
export class IngestPool extends RolePool {
  constructor(config: DatabaseConfig, secrets: Secrets) {
    super('maru_ingest', 2, config, secrets);
  }
}

/** maru_worker: queue, transitions and results of all tenants. */
@Injectable()
export class WorkerPool extends RolePool {
  constructor(config: DatabaseConfig, secrets: Secrets) {
    super('maru_worker', 4, config, secrets);
  }
}

/** maru_auth: look-ups before the tenant is known (host map, API keys, machine clients). */
@Injectable()
export class AuthPool extends RolePool {
  constructor(config: DatabaseConfig, secrets: Secrets) {
    super('maru_auth', 2, config, secrets);
  }
}

/** maru_platform: operators and onboarding. */
@Injectable()
export class PlatformPool extends RolePool {
  constructor(config: DatabaseConfig, secrets: Secrets) {
    super('maru_platform', 2, config, secrets);
  }
}

/** maru_queue: BullMQ's own schema. LISTEN takes one connection per worker of a queue. */
@Injectable()
export class QueuePool extends RolePool {
  constructor(config: DatabaseConfig, secrets: Secrets) {
    super('maru_queue', 6, config, secrets);
  }
}
