import { defineConfig } from 'vitest/config';

const common = {
  pool: 'forks' as const,
  testTimeout: 30_000,
  hookTimeout: 60_000,
  env: { ORT_DISABLE_TELEMETRY: '1' },
};
const database = {
  globalSetup: ['test/support/postgres-server.ts'],
  setupFiles: ['test/support/database-per-file.ts'],
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['src/**/*.spec.ts', 'web/src/**/*.spec.ts', 'bench/**/*.spec.ts', 'scripts/**/*.spec.mjs'],
        },
      },
      { test: { ...common, ...database, name: 'integration', include: ['test/integration/**/*.int-spec.ts'] } },
      { test: { ...common, ...database, name: 'e2e', include: ['test/e2e/**/*.e2e-spec.ts'] } },
      { test: { ...common, ...database, name: 'browser', include: ['test/browser/**/*.browser-spec.ts'] } },
    ],
  },
});
