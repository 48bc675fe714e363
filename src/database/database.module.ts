import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseConfig, Secrets } from '../config/config.js';
import { NotificationListener } from './notification-listener.js';
import {
  ANSWER_TIMEOUT_MS,
  AuditPool,
  AuthPool,
  IngestPool,
  PlatformPool,
  PooledClient,
  QueuePool,
  WorkerPool,
} from './role-pool.js';
import { roleUrl } from './role-url.js';
import { SchemaStatus } from './schema-status.js';
import { TenantDb } from './tenant-db.js';

/** How much of the server one process may take. */
export interface DatabaseModuleOptions {
  /** Connections as maru_app. An API process takes 10, a worker 5. */
  readonly appConnections: number;
}

const PROVIDERS = [
  TenantDb,
  NotificationListener,
  IngestPool,
  WorkerPool,
  AuthPool,
  PlatformPool,
  AuditPool,
  QueuePool,
  SchemaStatus,
];

/** The database for every room: TypeORM as maru_app behind TenantDb, and one lazy pool per cross-tenant role. */
@Global()
@Module({})
export class DatabaseModule {
  /** Call once, in the root module. Rooms register entities with `TypeOrmModule.forFeature`. */
  static forRoot(options: DatabaseModuleOptions): DynamicModule {
    const typeOrm = TypeOrmModule.forRootAsync({
      inject: [DatabaseConfig, Secrets],
      useFactory: (config: DatabaseConfig, secrets: Secrets) => ({
        type: 'postgres' as const,
        url: roleUrl(config.url, 'maru_app', secrets),
        schema: 'maru',
        autoLoadEntities: true,
        installExtensions: false,
        logging: ['warn' as const],
        applicationName: 'maru_app',
        connectTimeoutMS: 10_000, // as the other pools
        poolSize: options.appConnections,
        // TypeORM awaits each statement; TenantDb.one does not
        extra: { keepAlive: true, pipeline: true, query_timeout: ANSWER_TIMEOUT_MS, Client: PooledClient },
        retryAttempts: 20,
        retryDelay: 500, // ms: 10 s for a server that is still starting
      }),
    });
    return { module: DatabaseModule, imports: [typeOrm], providers: PROVIDERS, exports: PROVIDERS };
  }
}
