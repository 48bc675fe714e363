import type { DynamicModule, Type } from '@nestjs/common';
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadConfig } from '../../src/config/config.js';
import { DatabaseModule } from '../../src/database/database.module.js';

type Room = Type | DynamicModule;

/** The given rooms on the database of this test file, with the real configuration and pools; for overrides. */
export function databaseModuleBuilder(...rooms: Room[]): TestingModuleBuilder {
  const imports = [ConfigModule.forRoot(loadConfig()), DatabaseModule.forRoot({ appConnections: 5 }), ...rooms];
  return Test.createTestingModule({ imports });
}

/** The same, started. The caller closes it. */
export async function databaseModule(...rooms: Room[]): Promise<TestingModule> {
  const module = await databaseModuleBuilder(...rooms).compile();
  return module.init();
}
