import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { SystemClock } from '../../src/common/clock.js';
import { childEnvironment } from '../../src/config/child-environment.js';
import { isAlive } from '../../src/database/embedded/postmaster.js';
import { RestartBackoff } from '../../src/supervisor/restart-backoff.js';
import { StartRefusedError } from '../../src/supervisor/start-refused.error.js';
import { SupervisedProcess } from '../../src/supervisor/supervised-process.js';
import { until } from '../support/signals.js';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'maru supervised '));
const pidFile = path.join(directory, 'pids');
let running: SupervisedProcess;

/** A role that notes its pid, says ready and drains on SIGTERM, or does what `body` says instead. */
function role(name: string, body = `process.on('SIGTERM', () => process.exit(0));`): SupervisedProcess {
  const script = path.join(directory, `${name}.mjs`);
  const note = `import fs from 'node:fs'; fs.appendFileSync(${JSON.stringify(pidFile)}, process.pid + '\\n');`;
  fs.writeFileSync(script, `${note} setInterval(() => {}, 1000); ${body} process.send({ type: 'ready' });`);
  running = new SupervisedProcess(
    { role: name, script, env: childEnvironment({}) },
    new RestartBackoff(new SystemClock()),
  );
  return running;
}

const pids = () => fs.readFileSync(pidFile, 'utf8').trim().split('\n').map(Number);

beforeAll(() => void vi.spyOn(process.stdout, 'write').mockReturnValue(true));
afterEach(async () => {
  await running.stop(1_000);
  fs.rmSync(pidFile, { force: true });
});
afterAll(() => {
  vi.restoreAllMocks();
  fs.rmSync(directory, { recursive: true, force: true });
});

describe('a supervised process', () => {
  it('is ready when it says so and is started again after a kill', async () => {
    await role('steady').start();
    const [first] = pids();
    process.kill(first!, 'SIGKILL');
    const [, second] = await until(() => pids().length === 2 && pids());
    expect(second).not.toBe(first);
    expect(isAlive(second!)).toBe(true);
  });

  it('drains on stop and is not started again', async () => {
    await role('draining').start();
    await running.stop(10_000);
    expect(pids()).toHaveLength(1);
    expect(pids().some(isAlive)).toBe(false);
  });

  it('is ended by force when its drain takes too long', async () => {
    await role('stubborn', `process.on('SIGTERM', () => undefined);`).start();
    await running.stop(100);
    expect(pids().some(isAlive)).toBe(false);
  });

  it('is given up when it dies again and again before it was ever ready', async () => {
    await expect(role('broken', 'process.exit(3);').start()).rejects.toThrow(StartRefusedError);
    expect(pids()).toHaveLength(4);
  });

  it('is ended by a stop that comes between two lives', async () => {
    const started = role('flapping', 'process.exit(3);').start();
    started.catch(() => undefined);
    await until(() => pids().length === 2);
    await running.stop(1_000);
    expect(pids().some(isAlive)).toBe(false);
  });
});
