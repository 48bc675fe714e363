import type { FairShare } from '../common/fair-share.js';
import { ServerBusyError } from './http.errors.js';

const RETRY_SECONDS = 1;

/** What one request keeps of its body in memory, charged to whoever sent it. */
export class BodyAllowance {
  private bytes = 0;
  private isOver = false;

  constructor(
    private readonly share: FairShare,
    private readonly sender: string,
  ) {}

  /** Charges bytes that are about to be kept. Throws ServerBusyError when that is more than the sender's share. */
  take(bytes: number): void {
    if (this.isOver) return;
    if (!this.share.take(this.sender, bytes)) {
      throw new ServerBusyError(
        'This server holds as many request bodies as it can. Nothing was stored; repeat the request in a second, with fewer at a time.',
        RETRY_SECONDS,
      );
    }
    this.bytes += bytes;
  }

  /** Gives everything back: nobody keeps the body any more. Later calls do nothing. */
  release(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.share.give(this.sender, this.bytes);
  }
}
