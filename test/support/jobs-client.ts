import { expect } from 'vitest';
import { isTerminal } from '../../src/jobs/job-status.js';
import type { JobDto } from '../../src/jobs/dto/job.dto.js';
import type { TransitionDto } from '../../src/jobs/dto/transition.dto.js';
import { until } from './signals.js';

/** An answer with its body read. */
export interface Answer<T = JobDto> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** A tenant's view of the jobs API. */
export class JobsClient {
  constructor(
    private readonly baseUrl: string,
    readonly tenantId: string,
  ) {}

  async call<T = JobDto>(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: unknown,
  ): Promise<Answer<T>> {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: { authorization: `Bearer ${this.tenantId}`, ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as T };
  }

  /** A probe job; `more` goes into the body of the create. */
  async create(name: string, more: object = {}, headers: Record<string, string> = {}): Promise<JobDto> {
    const body = { analyzer: 'probe', input: { name, values: [1, 2] }, ...more };
    const answer = await this.call('POST', '/v1/jobs', headers, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(202);
    return answer.body;
  }

  async job(id: string): Promise<JobDto> {
    return (await this.call('GET', `/v1/jobs/${id}`)).body;
  }

  /** The job once it has ended. */
  ended(id: string): Promise<JobDto> {
    const look = async (): Promise<JobDto | false> => {
      const job = await this.job(id);
      return isTerminal(job.status) && job;
    };
    return until(look, { timeoutMs: 40_000, what: `the end of ${id}` });
  }

  async timeline(id: string): Promise<TransitionDto[]> {
    return (await this.call<{ data: TransitionDto[] }>('GET', `/v1/jobs/${id}/timeline`)).body.data;
  }

  /** Types of the transitions, stages by their name. */
  async story(id: string): Promise<string[]> {
    return (await this.timeline(id)).map((t) => (t.type === 'stage.completed' ? t.stage! : t.type));
  }
}
