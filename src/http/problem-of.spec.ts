import { BadRequestException, HttpException, NotFoundException } from '@nestjs/common';
import { QueryRunnerAlreadyReleasedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { DomainError, NotFoundError, ValidationFailedError } from '../common/domain-error.js';
import { problemOf } from './problem-of.js';
import { PROBLEM_TYPES, problemType, type ProblemSlug, slugOfStatus } from './problem-types.js';

class Coded extends DomainError {
  constructor(
    override readonly code: string,
    override readonly extensions = { currentStatus: 'queued' },
  ) {
    super('what to do next');
  }
}
const coded = (message: string, code: string) => Object.assign(new Error(message), { code });

describe('problemOf', () => {
  it.each(Object.keys(PROBLEM_TYPES) as ProblemSlug[])('keeps the code %s of a domain error', (slug) => {
    const problem = problemOf(new Coded(slug));
    expect(problem.slug).toBe(slug);
    expect(problem.detail).toBe(slug === 'internal-error' ? problemType(slug).cure : 'what to do next');
    expect(problem.extensions).toEqual({ currentStatus: 'queued' });
  });

  it('hides everything that nobody foresaw', () => {
    const secrets = [
      new Error('password is x'),
      new Coded('some_job_code'),
      new TypeError('x'),
      'text',
      null,
      undefined,
      {},
    ];
    for (const thrown of secrets) {
      expect(problemOf(thrown)).toMatchObject({ slug: 'internal-error', detail: problemType('internal-error').cure });
    }
  });

  it('takes only the status of an exception of the framework', () => {
    expect(problemOf(new NotFoundException('Cannot GET /x'))).toEqual(problemOf(new NotFoundException()));
    expect(problemOf(new NotFoundException()).detail).toBe(new NotFoundError().message);
    expect(problemOf(new BadRequestException()).slug).toBe('malformed-request');
    expect(problemOf(new HttpException('', 418)).slug).toBe('malformed-request');
    expect(problemOf(new HttpException('', 502)).slug).toBe('internal-error');
  });

  it('lists the faults of fields', () => {
    const errors = [{ pointer: '/a', code: 'required', message: 'is required' }];
    expect(problemOf(new ValidationFailedError(errors))).toMatchObject({ detail: '/a is required', errors });
  });

  it('answers 503 while the database is away, however the driver says so', () => {
    const away = [
      coded('connect ECONNREFUSED', 'ECONNREFUSED'),
      coded('terminating connection due to administrator command', '57P01'),
      coded('the database system is starting up', '57P03'),
      coded('too many clients', '53300'),
      new Error('timeout exceeded when trying to connect'),
      new Error('Connection terminated unexpectedly'),
      new Error('timeout expired'),
      new QueryRunnerAlreadyReleasedError(),
      Object.assign(new Error('query failed'), { driverError: coded('x', '08006') }),
    ];
    for (const error of away) {
      expect(problemOf(error)).toMatchObject({ slug: 'temporary-reduced-capacity', retryable: true, retryAfter: 2 });
    }
    expect(problemOf(coded('duplicate key', '23505')).slug).toBe('internal-error');
  });

  it('has a slug for every status', () => {
    for (const { status } of Object.values(PROBLEM_TYPES))
      expect(problemType(slugOfStatus(status)).status).toBe(status);
  });
});
