import { Injectable } from '@nestjs/common';
import { FairShare } from '../../common/fair-share.js';
import { ServerBusyError } from '../../http/http.errors.js';
import { OutboundClient } from '../../outbound/outbound-client.js';
import { OutboundRequestError } from '../../outbound/outbound.errors.js';

/** Bytes of files that this process may be fetching at a time, at their fields' limits: twelve pictures of 10 MiB. */
const MAX_BYTES = 128 * 2 ** 20;
const TIMEOUT_MS = 10_000;
const RETRY_SECONDS = 2;

/** A file that was fetched, or why it was not. */
export type RemoteFile =
  { readonly name: string; readonly content: Buffer } | { readonly code: string; readonly message: string };

/** Files that a request names by their address. */
@Injectable()
export class RemoteFiles {
  private readonly share = new FairShare(MAX_BYTES);

  constructor(private readonly client: OutboundClient) {}

  /** @throws UnsafeUrlError, ServerBusyError when too many are being fetched */
  async fetch(tenantId: string, url: string, maxBytes: number): Promise<RemoteFile> {
    if (!this.share.take(tenantId, maxBytes)) {
      throw new ServerBusyError(
        `Too many input URLs are being fetched. Nothing was stored; repeat the request in ${RETRY_SECONDS} s.`,
        RETRY_SECONDS,
      );
    }
    try {
      return await this.read(url, maxBytes);
    } finally {
      this.share.give(tenantId, maxBytes);
    }
  }

  private async read(url: string, maxBytes: number): Promise<RemoteFile> {
    try {
      const { status, body } = await this.client.send({ url, maxResponseBytes: maxBytes, timeoutMs: TIMEOUT_MS });
      if (status === 200 && body.length > 0) return { name: nameOf(url), content: body };
      const what = status === 200 ? 'no content' : `status ${status}`;
      return { code: 'unreadable_url', message: `answered with ${what}; redirects are not followed` };
    } catch (error) {
      if (!(error instanceof OutboundRequestError)) throw error;
      if (error.failure === 'too_large') {
        return { code: 'too_large', message: `has more than ${maxBytes} bytes, which is the limit of this field` };
      }
      return {
        code: 'unreadable_url',
        message: `could not be fetched within ${TIMEOUT_MS / 1_000} s (${error.failure})`,
      };
    }
  }
}

function nameOf(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last) || 'file';
  } catch {
    return last;
  }
}
