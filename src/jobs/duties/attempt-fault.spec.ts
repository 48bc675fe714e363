import { describe, expect, it } from 'vitest';
import { SchedulerError } from '../../gpu-scheduler/gpu-scheduler.errors.js';
import {
  DeadlineExceededError,
  EngineGoneError,
  RemoteTooSlowError,
  RemoteUnavailableError,
} from '../../inference/inference.errors.js';
import { UnknownModelError } from '../../inference/models/model-catalog.js';
import type { Claim } from '../recording/claim.js';
import { faultOf } from './attempt-fault.js';

const ALONE = { attempt: 2, maxAttempts: 3, alone: true } as Claim;
const kill = new EngineGoneError('maru engine cpu:0 ended (SIGKILL)', true, true);
const crash = new EngineGoneError('maru engine cpu:0 ended (SIGSEGV)', true);
const hang = new DeadlineExceededError('no answer within 2000 ms');
const lost = (cause: Error, batchItems = 1) => new SchedulerError('device_lost', cause.message, { cause, batchItems });

describe('what the end of an engine says about the only job in it', () => {
  it.each([
    ['crashed', crash],
    ['hung', hang],
  ])('convicts one that lost an engine before when the next one %s', (_, cause) => {
    expect(faultOf(lost(cause), ALONE)).toMatchObject({
      code: 'model_error',
      retryable: false,
      guilt: 'own',
      message: expect.stringContaining(cause.message) as string,
    });
  });

  it('never convicts for a kill from outside: it costs a try and the job stays alone', () => {
    for (const attempt of [1, 2, 9])
      expect(faultOf(lost(kill), { ...ALONE, attempt })).toMatchObject({
        code: 'runtime_disconnected',
        retryable: true,
        guilt: 'own',
        suspect: true,
      });
  });

  it('does not convict for the first crash', () => {
    for (const cause of [crash, kill])
      expect(faultOf(lost(cause), { ...ALONE, alone: false })).toMatchObject({ retryable: true, suspect: true });
  });

  it('convicts nobody of a batch of several, nor who only waited', () => {
    expect(faultOf(lost(crash, 2), ALONE)).toMatchObject({ retryable: true, guilt: 'shared' });
    const waited = new EngineGoneError('gone', false);
    expect(faultOf(lost(waited), ALONE)).toMatchObject({ retryable: true, guilt: 'none' });
  });

  it("takes a server that is away for nobody's fault, and one that is too slow for a try of the job", () => {
    const away = new RemoteUnavailableError('far: ECONNREFUSED');
    expect(faultOf(lost(away), ALONE)).toMatchObject({
      code: 'runtime_unreachable',
      retryable: true,
      guilt: 'none',
      suspect: false,
    });
    const slow = new RemoteTooSlowError('far: no answer within 2000 ms');
    expect(faultOf(lost(slow), ALONE)).toMatchObject({ code: 'stage_timeout', retryable: true, guilt: 'own' });
  });

  it('tries again where the model was not known', () => {
    const unknown = new UnknownModelError('There is no model leaf here; known models: none.');
    expect(faultOf(unknown, ALONE)).toMatchObject({ code: 'model_unavailable', retryable: true });
  });
});
