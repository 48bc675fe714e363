import { createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { openText, sealText } from '../common/sealed-text.js';
import { Secrets } from '../config/config.js';
import { InvalidPageTokenError } from './http.errors.js';

/** What a page token belongs to: it is refused for any other tenant, list or filters. */
export interface PageBinding {
  /** uuid; null on operator routes. */
  readonly tenantId: string | null;
  /** Name of the list, for example `jobs`. */
  readonly list: string;
  /** The filters of the request, without limit and pageToken. */
  readonly filters: Readonly<Record<string, unknown>>;
}

/** Seals cursors into opaque tokens: the content cannot be read or changed, and it carries no authority. */
@Injectable()
export class PageTokens {
  private readonly key: KeyObject;

  constructor(secrets: Secrets) {
    this.key = createSecretKey(secrets.derive('page-token'));
  }

  /** @param cursor position of the last row of the page */
  seal(cursor: string, binding: PageBinding): string {
    return sealText(cursor, this.key, canonical(binding)).toString('base64url');
  }

  /** The cursor of a token; null without one. Throws InvalidPageTokenError. */
  open(token: string | undefined, binding: PageBinding): string | null {
    if (token === undefined || token === '') return null;
    const cursor = openText(Buffer.from(token, 'base64url'), this.key, canonical(binding));
    if (cursor === null) throw new InvalidPageTokenError();
    return cursor;
  }
}

function canonical({ tenantId, list, filters }: PageBinding): string {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined);
  return JSON.stringify([tenantId, list, given.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
