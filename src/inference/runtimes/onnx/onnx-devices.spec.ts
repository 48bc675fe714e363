import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingFor } from './accelerator-hints.js';
import { findOnnxDevices } from './onnx-devices.js';
import { probeProvider, verdict } from './provider-probe.js';

const CANARY = fileURLToPath(new URL('../../../../test/fixtures/models/shapes/model.onnx', import.meta.url));

describe('findOnnxDevices', () => {
  let directory: string;
  const find = (wanted: readonly string[] | null, canary: string | null = CANARY) =>
    findOnnxDevices({ wanted, canary, directory, driverEnvironment: {} });

  beforeAll(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'devices-spec-'));
  });
  afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

  it('always ends with the CPU and accounts for every provider', async () => {
    const { found, unavailable } = await find(null);
    expect(found.at(-1)?.device).toEqual({ id: 'cpu:0', kind: 'cpu', type: 'CPU' });
    expect(
      [...unavailable.map(({ what }) => what), ...found.map(({ placement }) => placement.provider)].sort(),
    ).toEqual(['cpu', 'cuda', 'webgpu']);
  });

  it('looks only for what an operator lists, and says what it does not know', async () => {
    const { found, unavailable } = await find(['cpu', 'tpu', 'cpu']);
    expect(found.map(({ device }) => device.id)).toEqual(['cpu:0']);
    expect(unavailable).toEqual([
      { what: 'tpu', why: 'it is not one of cuda, webgpu, cpu' },
      { what: 'cpu', why: 'it is listed twice' },
    ]);
  });

  it('reads an index behind the kind', async () => {
    const { found, unavailable } = await find(['cuda:1'], null);
    expect(found).toEqual([]);
    expect(unavailable[0]?.what).toBe('cuda:1');
  });

  describe('probes in a process of its own', () => {
    const probe = (provider: string, mustBeFaster: boolean) => {
      const placement = { provider, deviceIndex: 0, threads: 1 };
      return probeProvider({ placement, canary: CANARY, directory, environment: {}, limitMs: 20_000, mustBeFaster });
    };

    it('accepts a provider that agrees with the CPU', async () => {
      expect(await probe('cpu', false)).toBeNull();
      expect(fs.readdirSync(directory)).toEqual([]);
    });

    it('gives the reason of ONNX Runtime when a provider cannot start', async () => {
      const hasCuda = missingFor('cuda', {}) === null;
      expect(await probe('cuda', false), 'a machine with CUDA may use it').toSatisfy(
        (why) => (hasCuda && why === null) || /cuda/i.test(String(why)),
      );
    });

    it('gives up on a probe that takes too long', async () => {
      const placement = { provider: 'cpu', deviceIndex: 0, threads: 1 };
      const plan = { placement, canary: CANARY, directory, environment: {}, limitMs: 1, mustBeFaster: true };
      expect(await probeProvider(plan)).toMatch(/no answer within 1 ms/);
    });
  });
});

describe('verdict', () => {
  it.each([
    [4, 1e-6, true, null],
    [1.1, 1e-6, true, /1\.10 times the speed of the CPU/],
    [0.03, 1e-6, false, null],
    [4, 0.01, false, /differ from the CPU's by 0\.010/],
    [4, NaN, false, /differ/],
    [NaN, 0, true, /times the speed/],
  ])('judges speed-up %d and difference %d', (speedUp, difference, mustBeFaster, why) => {
    const judged = verdict(speedUp, difference, mustBeFaster);
    if (why === null) expect(judged).toBeNull();
    else expect(judged).toMatch(why);
  });
});
