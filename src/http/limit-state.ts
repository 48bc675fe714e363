import type { FastifyReply } from 'fastify';

/** How a client stands against one limit. */
export interface LimitState {
  /** Name of the policy. */
  readonly name: string;
  readonly quota: number;
  /** Seconds; null for what is not counted by time. */
  readonly windowSeconds: number | null;
  /** What is counted, when it is not requests. */
  readonly unit?: string;
  /** As far as this process knows; null when it does not. */
  readonly left: number | null;
  /** Ms until the window ends; null when nobody knows. */
  readonly resetMs: number | null;
}

/** Sets `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers). Call before the answer is sent. */
export function showLimits(reply: FastifyReply, states: readonly LimitState[]): void {
  reply.header('RateLimit-Policy', states.map(policyOf).join(', '));
  const counted = states.filter((state) => state.left !== null);
  if (counted.length > 0) reply.header('RateLimit', counted.map(itemOf).join(', '));
}

/** Whole seconds until a limit has room again: never too early. */
export function secondsOf(resetMs: number | null): number {
  return Math.max(1, Math.ceil((resetMs ?? 0) / 1_000));
}

function policyOf({ name, quota, windowSeconds, unit }: LimitState): string {
  return `"${name}";q=${quota}${windowSeconds === null ? '' : `;w=${windowSeconds}`}${unit ? `;qu="${unit}"` : ''}`;
}

function itemOf({ name, left, resetMs }: LimitState): string {
  return `"${name}";r=${Math.max(0, left!)}${resetMs === null ? '' : `;t=${secondsOf(resetMs)}`}`;
}
