import { expect, it } from 'vitest';
import { SideEffect, type SideEvent } from './side-effect.js';
import { SideEffects } from './side-effects.js';

const EVENT: SideEvent = {
  id: 'evt_01m8323e5rek8sgz8cvjwnr6y9',
  tenantId: '019a0000-0000-7000-8000-000000000001',
  kind: 'job.failed',
  jobId: '019a0000-0000-7000-8000-000000000002',
  seq: 3,
  at: new Date(0),
};

class Consumer extends SideEffect {
  applied = 0;
  constructor(
    private readonly kind: string,
    private readonly error?: Error,
  ) {
    super();
  }
  wants(kind: string): boolean {
    return kind === this.kind;
  }
  async apply(): Promise<void> {
    this.applied++;
    if (this.error) throw this.error;
  }
}

it('calls those that want the kind', async () => {
  const [wants, wantsNot] = [new Consumer('job.failed'), new Consumer('job.succeeded')];
  await new SideEffects([wants, wantsNot]).apply(EVENT);
  expect([wants.applied, wantsNot.applied]).toEqual([1, 0]);
});

it('calls all of them and fails when one fails', async () => {
  const [fails, works] = [new Consumer('job.failed', new Error('refused')), new Consumer('job.failed')];
  await expect(new SideEffects([fails, works]).apply(EVENT)).rejects.toThrow('refused');
  expect(works.applied).toBe(1);
});

it('has nothing to do without consumers', async () => {
  await expect(new SideEffects().apply(EVENT)).resolves.toBeUndefined();
});
