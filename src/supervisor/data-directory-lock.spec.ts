import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataDirectoryLock } from './data-directory-lock.js';

describe('DataDirectoryLock', () => {
  let dataDir: string;
  beforeEach(() => (dataDir = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'maru-lock-')), 'data')));
  afterEach(() => fs.rmSync(path.dirname(dataDir), { recursive: true, force: true }));

  const pidFile = () => path.join(dataDir, 'supervisor.pid');

  it('makes the directory, notes its process, and leaves nothing behind', () => {
    const lock = new DataDirectoryLock(dataDir);
    expect(lock.wasLeftBehind()).toBe(false);
    lock.take();
    expect(fs.readFileSync(pidFile(), 'utf8')).toBe(`${process.pid}\n`);
    lock.release();
    expect(fs.existsSync(pidFile())).toBe(false);
  });

  it('takes over from a dead predecessor and knows it', () => {
    fs.mkdirSync(dataDir);
    fs.writeFileSync(pidFile(), `${spawnSync(process.execPath, ['--version']).pid}\n`);
    const lock = new DataDirectoryLock(dataDir);
    expect(lock.wasLeftBehind()).toBe(true);
    lock.take();
    expect(fs.readFileSync(pidFile(), 'utf8')).toBe(`${process.pid}\n`);
  });

  it('does not release the lock of another', () => {
    fs.mkdirSync(dataDir);
    fs.writeFileSync(pidFile(), '1\n');
    new DataDirectoryLock(dataDir).release();
    expect(fs.existsSync(pidFile())).toBe(true);
  });

  it('says in one sentence when the directory cannot be written', () => {
    fs.writeFileSync(dataDir, 'a file in the way');
    expect(() => new DataDirectoryLock(dataDir).take()).toThrow(/cannot write to its data directory .* set DATA_DIR/);
  });
});
