import type { Writable } from 'node:stream';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { DatabaseConfig, Secrets } from '../config/config.js';
import type { LoginRole } from './database-roles.js';
import { roleUrl } from './role-url.js';

const CONNECT_TIMEOUT_MS = 10_000; // covers the wait for a free connection too: a burst queues, it is not refused
/**
 * How long a statement waits for its answer. A link may be half-open, a server gone without a word: duties and requests
 * must get over that in seconds. A statement that needs longer says so itself (`query_timeout`).
 */
export const ANSWER_TIMEOUT_MS = 8_000;
/** The same where a client waits and every statement is a matter of milliseconds. */
const QUICK_ANSWER_TIMEOUT_MS = 3_000;
/** A new connection takes three round trips; each may need a second on a bad line. */
const HANDSHAKE_TIMEOUT_MS = 5_000;

/** A connection whose handshake is given up earlier than the wait for a place in the pool, and that can join writes. */
export class PooledClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super({ ...config, connectionTimeoutMillis: HANDSHAKE_TIMEOUT_MS });
  }

  /** Everything that `work` sends leaves in one write: by itself pg makes one for each query, and they cost more than the queries. */
  inOneWrite<T>(work: () => T): T {
    const { stream } = (this as unknown as { connection: { stream: Writable } }).connection;
    stream.cork();
    try {
      return work();
    } finally {
      stream.uncork();
    }
  }
}

/**
 * Error listener of a connection that is in use: a pool listens to idle ones only, and without any listener a reset ends
 * the process. Whoever uses the connection learns of the loss from his statement.
 */
export function ignoreLoss(): void {
  // his statement rejects
}

/**
 * Connections of one runtime role. Opens none until the first query, so a process holds only what it uses;
 * closes in the last phase of the shutdown, after every duty has stopped.
 */
export abstract class RolePool extends pg.Pool implements OnApplicationShutdown {
  constructor(
    role: LoginRole,
    maxConnections: number,
    config: DatabaseConfig,
    secrets: Secrets,
    answerTimeoutMs = ANSWER_TIMEOUT_MS,
  ) {
    super({
      connectionString: roleUrl(config.url, role, secrets),
      application_name: role,
      Client: PooledClient,
      max: maxConnections,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: answerTimeoutMs,
      keepAlive: true,
    });
    const logger = new Logger(role);
    this.on('error', (error) => logger.warn(`An idle connection was lost: ${error.message}`));
    this.on('connect', (client) => client.on('error', ignoreLoss));
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.ended) await this.end();
  }
}

/** maru_ingest: inserts new jobs of many tenants in one statement, and counts the queue meanwhile; reads no payload. */
@Injectable()
export class IngestPool extends RolePool {
  constructor(config: DatabaseConfig, secrets: Secrets) {
    super('maru_ingest', 3, config, secrets, QUICK_ANSWER_TIMEOUT_MS);
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
    super('maru_auth', 2, config, secrets, QUICK_ANSWER_TIMEOUT_MS);
  }
}

/** maru_platform: operators and onboarding. */
@Injectable()
export class PlatformPool extends RolePool {
  constructor(config: DatabaseConfig, secrets: Secrets) {
    super('maru_platform', 2, config, secrets);
  }
}

/** maru_audit: seals and verifies the audit log. */
@Injectable()
export class AuditPool extends RolePool {
  constructor(config: DatabaseConfig, secrets: Secrets) {
    super('maru_audit', 1, config, secrets);
  }
}

/** maru_queue: BullMQ's own schema. LISTEN takes one connection per worker of a queue. */
@Injectable()
export class QueuePool extends RolePool {
  constructor(config: DatabaseConfig, secrets: Secrets) {
    super('maru_queue', 6, config, secrets);
    // What the queue forgets in a crash of the server is done again, or relayed again: nobody waits for the disk.
    this.options.onConnect = async (client) => void (await client.query('set synchronous_commit = off'));
  }
}
