import { Injectable } from '@nestjs/common';
import type { LiveCredential } from '../../auth/principal.js';
import { StreamClock } from './stream-clock.js';

/** How long streams may run: until the client leaves, or its credential is no longer good. */
@Injectable()
export class StreamLives {
  constructor(private readonly clock: StreamClock) {}

  /**
   * Aborts when the stream has to end. A credential ends at its own instant, and within one heartbeat of its revocation.
   * @param client aborts when the client has left; it must abort at the latest when the stream is over
   */
  signal(credential: LiveCredential | undefined, client: AbortSignal): AbortSignal {
    if (!credential || client.aborted) return client;
    const life = new AbortController();
    const end = (): void => life.abort();
    const check = (): void => void credential.isGood().then((isGood) => isGood || end());
    const stops = [this.clock.onBeat(check)];
    if (credential.expiresAtMs !== null) stops.push(this.clock.at(credential.expiresAtMs, end));
    life.signal.addEventListener('abort', () => stops.forEach((stop) => stop()), { once: true });
    client.addEventListener('abort', end, { once: true });
    return life.signal;
  }
}
