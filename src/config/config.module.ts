import { type DynamicModule, Global, Module } from '@nestjs/common';
import {
  DatabaseConfig,
  InferenceConfig,
  KeyConfig,
  LimitsConfig,
  MailConfig,
  type MaruConfig,
  OutboundConfig,
  Secrets,
  ServerConfig,
  SideWorkConfig,
  StorageConfig,
} from './config.js';

/** Gives every room its own typed section of the configuration, by class. */
@Global()
@Module({})
export class ConfigModule {
  static forRoot(config: MaruConfig): DynamicModule {
    const providers = [
      { provide: ServerConfig, useValue: config.server },
      { provide: DatabaseConfig, useValue: config.database },
      { provide: StorageConfig, useValue: config.storage },
      { provide: InferenceConfig, useValue: config.inference },
      { provide: SideWorkConfig, useValue: config.sideWork },
      { provide: LimitsConfig, useValue: config.limits },
      { provide: KeyConfig, useValue: config.keys },
      { provide: OutboundConfig, useValue: config.outbound },
      { provide: MailConfig, useValue: config.mail },
      { provide: Secrets, useValue: config.secrets },
    ];
    return { module: ConfigModule, providers, exports: providers.map((p) => p.provide) };
  }
}
