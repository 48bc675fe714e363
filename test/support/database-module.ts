import type { DynamicModule, Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadConfig } from '../../src/config/config.js';
import { DatabaseModule } from '../../src/database/database.module.js';

/** The given rooms on the database of this test file, with the real configuration and pools. The caller closes it. */
export async function databaseModule(...rooms: (Type | DynamicModule)[]): Promise<TestingModule> {
  const imports = [ConfigModule.forRoot(loadConfig()), DatabaseModule.forRoot({ appConnections: 5 }), ...rooms];
  const module = await Test.createTestingModule({ imports }).compile();
  return module.init();
}
