import { type DynamicModule, Module } from '@nestjs/common';
import { type SealedColumn, SEALED_COLUMNS } from './sealed-columns.js';
import { SecretRotation } from './secret-rotation.js';
import { SecretsModule } from './secrets.module.js';

/** Changing keys; for commands. */
@Module({})
export class SecretRotationModule {
  /** @param columns every column of sealed values */
  static forRoot(columns: readonly SealedColumn[]): DynamicModule {
    return {
      module: SecretRotationModule,
      imports: [SecretsModule],
      providers: [SecretRotation, { provide: SEALED_COLUMNS, useValue: columns }],
      exports: [SecretRotation],
    };
  }
}
