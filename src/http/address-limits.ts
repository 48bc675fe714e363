import net from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SystemClock } from '../common/clock.js';
import type { LimitsConfig } from '../config/config.js';
import { showLimits } from './limit-state.js';
import { LimitExceededError } from './quota-exceeded.error.js';
import { WindowCounter } from './window-counter.js';

const WINDOW_SECONDS = 60;
const PROBE_PATH = /^\/(health\/|metrics(\?|$))/;
const SESSION_COOKIE = /(^|;\s*)(__Host-)?maru_session=/;

/**
 * Limits by address for whoever shows no credential (`public`), for probes (`probe`), and for credentials that were
 * refused: those of a good credential belong to its tenant. Sets the RateLimit headers of every answer that has none.
 */
export class AddressLimits {
  private readonly open: WindowCounter;
  private readonly probes: WindowCounter;
  private readonly refused: WindowCounter;

  constructor(limits: LimitsConfig) {
    const clock = new SystemClock();
    const policy = publicPolicy(limits);
    this.open = new WindowCounter(policy, clock);
    this.refused = new WindowCounter(policy, clock);
    this.probes = new WindowCounter({ ...policy, name: 'probe' }, clock);
  }

  register(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, _reply, done) => done(this.admit(request) ?? undefined));
    fastify.addHook('onSend', (request, reply, payload, done) => {
      this.show(request, reply);
      done(null, payload);
    });
  }

  /** Adds the headers to an answer that has none. */
  show(request: FastifyRequest, reply: FastifyReply): void {
    const counter = this.counterOf(request);
    if (reply.statusCode === 401 && counter === this.refused) counter.take(subjectOf(request));
    if (!reply.hasHeader('ratelimit-policy')) showLimits(reply, [counter.state(subjectOf(request))]);
  }

  /** Null when the request may go on. */
  private admit(request: FastifyRequest): LimitExceededError | null {
    const counter = this.counterOf(request);
    const subject = subjectOf(request);
    const isAdmitted = counter === this.refused ? !counter.isUsedUp(subject) : counter.take(subject);
    return isAdmitted ? null : new LimitExceededError([counter.state(subject)]);
  }

  private counterOf({ url, headers }: FastifyRequest): WindowCounter {
    if (PROBE_PATH.test(url)) return this.probes;
    const hasCredential = headers.authorization !== undefined || SESSION_COOKIE.test(headers.cookie ?? '');
    return hasCredential ? this.refused : this.open;
  }
}

/** The policy of whoever shows no credential. */
export function publicPolicy({ publicRequestsPerMinute: quota }: LimitsConfig) {
  return { name: 'public', quota, windowSeconds: WINDOW_SECONDS };
}

/** An IPv6 client owns a /64, so that is what is counted. */
function subjectOf({ ip }: FastifyRequest): string {
  if (!net.isIPv6(ip) || ip.startsWith('::ffff:')) return ip;
  const [head = '', tail] = ip.split('::');
  const groups = head.split(':');
  const missing =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - groups.length - tail.split(':').length)).fill('0');
  return [...groups, ...missing, ...(tail ?? '').split(':')].slice(0, 4).join(':');
}
