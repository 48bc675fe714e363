import { type QueueOptions, setDefaultBackendFactory } from 'bullmq';
import type { SideWorkConfig } from '../config/config.js';
import type { QueuePool } from '../database/role-pool.js';
import { postgresBackend } from './postgres-backend.js';

/** Redis is tried again at least this often while it is away. */
const RECONNECT_LIMIT_MS = 5_000;

/** Where BullMQ keeps its queues: PostgreSQL, or Redis when REDIS_URL is set. */
export function sideWorkStore({ redisUrl }: SideWorkConfig, pool: QueuePool): QueueOptions {
  setDefaultBackendFactory(redisUrl ? undefined : postgresBackend);
  const retryStrategy = (times: number): number => Math.min(times * 250, RECONNECT_LIMIT_MS);
  // BullMQ types its connection for Redis; the PostgreSQL backend takes the pool.
  const connection = redisUrl ? { url: redisUrl, retryStrategy } : (pool as unknown as { url: string });
  return { connection, defaultJobOptions: { removeOnComplete: true, removeOnFail: 1000 } };
}
