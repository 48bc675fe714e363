import { Secrets } from '../../src/config/config.js';

/** Master key of every test process: role passwords of the template must match those that a test derives. */
export const TEST_MASTER_KEY = 'test-master-key-0123456789abcdef-0123456789abcdef';

/** Secrets of the test key. */
export function testSecrets(): Secrets {
  return new Secrets(Buffer.from(TEST_MASTER_KEY));
}
