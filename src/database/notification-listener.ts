import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { DatabaseConfig, Secrets } from '../config/config.js';
import { roleUrl } from './role-url.js';

/** Receives the payload of a notification; `''` is a wake-up without news, "look for yourself". */
export type NotificationCallback = (payload: string) => void;

const RECONNECT_MS = [50, 100, 250, 500, 1_000]; // the last value repeats
const PROBE_INTERVAL_MS = 15_000; // finds a half-open connection, which sends nothing and reports no error
const PROBE_TIMEOUT_MS = 5_000;
const GOODBYE_MS = 1_000; // a half-open connection would hold a shutdown for ever: nobody answers the goodbye

/**
 * One pinned connection per process for LISTEN. Notifications are hints: those sent while the connection was away are
 * lost, so every callback gets a wake-up after a reconnect. Opens at the first `listen`. Not for pgbouncer in
 * transaction mode.
 */
@Injectable()
export class NotificationListener implements OnApplicationShutdown {
  private readonly logger = new Logger(NotificationListener.name);
  private readonly callbacks = new Map<string, Set<NotificationCallback>>();
  private client: pg.Client | null = null;
  private ready: Promise<void> | null = null;
  private retry: NodeJS.Timeout | null = null;
  private probe: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(
    private readonly config: DatabaseConfig,
    private readonly secrets: Secrets,
  ) {}

  /**
   * Calls back for each notification of the channel until the returned function is called.
   * Resolves when the server listens; rejects when the first connection fails.
   */
  async listen(channel: string, callback: NotificationCallback): Promise<() => void> {
    const known = this.callbacks.get(channel);
    const set = known ?? new Set<NotificationCallback>();
    set.add(callback);
    this.callbacks.set(channel, set);
    try {
      if (!this.ready) await (this.ready = this.connect());
      else await this.ready.then(() => (known ? undefined : this.client?.query(listenTo(channel))));
    } catch (error) {
      set.delete(callback);
      if (!this.client) this.ready = null;
      throw error;
    }
    return () => void set.delete(callback);
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    if (this.retry) clearTimeout(this.retry);
    if (this.probe) clearInterval(this.probe);
    const client = this.client;
    this.client = null;
    const goodbye = client?.end().catch(() => undefined);
    await Promise.race([goodbye, delay(GOODBYE_MS, undefined, { ref: false })]);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: roleUrl(this.config.url, 'maru_app', this.secrets),
      application_name: 'maru_listener',
      connectionTimeoutMillis: 3_000,
      query_timeout: PROBE_TIMEOUT_MS,
      keepAlive: true,
    });
    client.on('error', (error) => this.lost(client, error.message));
    client.on('end', () => this.lost(client, 'the server closed it'));
    client.on('notification', (n) => this.emit(n.channel, n.payload ?? ''));
    try {
      await client.connect();
      for (const channel of this.callbacks.keys()) await client.query(listenTo(channel));
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    if (this.closed) return client.end();
    this.client = client;
    this.probe = setInterval(() => this.check(client), PROBE_INTERVAL_MS).unref();
  }

  private check(client: pg.Client): void {
    client.query('select 1').catch((error: Error) => {
      this.lost(client, error.message);
      void client.end().catch(() => undefined);
    });
  }

  private lost(client: pg.Client, reason: string): void {
    if (this.client !== client) return; // reported already, or never in use
    this.client = null;
    if (this.probe) clearInterval(this.probe);
    this.logger.warn(`The LISTEN connection was lost (${reason}); connecting again.`);
    this.reconnect(0);
  }

  private reconnect(attempt: number): void {
    if (this.closed) return;
    const waitMs = RECONNECT_MS[Math.min(attempt, RECONNECT_MS.length - 1)];
    this.retry = setTimeout(() => {
      this.connect().then(
        () => this.wakeAll(),
        () => this.reconnect(attempt + 1),
      );
    }, waitMs);
  }

  private wakeAll(): void {
    for (const channel of this.callbacks.keys()) this.emit(channel, '');
  }

  private emit(channel: string, payload: string): void {
    for (const callback of this.callbacks.get(channel) ?? []) {
      try {
        callback(payload);
      } catch (error) {
        this.logger.error(`A listener of ${channel} failed`, error);
      }
    }
  }
}

function listenTo(channel: string): string {
  return `listen ${pg.escapeIdentifier(channel)}`;
}
