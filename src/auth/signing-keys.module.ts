import { Module } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.js';
import { SigningKeyRing } from './signing-key-ring.js';
import { SigningKeyRotation } from './signing-key-rotation.js';
import { SigningKeyTimes } from './signing-key-times.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

/** The keys of access tokens: read by every API process, rotated by a worker or an operator. */
@Module({
  providers: [AuditTrail, SigningKeyRing, SigningKeyRotation, SigningKeysRepository, SigningKeyTimes],
  exports: [SigningKeyRing, SigningKeyRotation],
})
export class SigningKeysModule {}
