import { Injectable } from '@nestjs/common';
import { PageTokens } from '../../http/page-tokens.js';
import { cursorFrom, cursorText, type EventCursor } from './event-cursor.js';

/** Cursors as clients hold them: opaque, bound to the tenant, good for the list and the stream, with any filter. */
@Injectable()
export class EventCursors {
  constructor(private readonly tokens: PageTokens) {}

  seal(tenantId: string, cursor: EventCursor): string {
    return this.tokens.seal(cursorText(cursor), bindingOf(tenantId));
  }

  /** Null without one. @throws InvalidPageTokenError */
  open(tenantId: string, token: string | undefined): EventCursor | null {
    const text = this.tokens.open(token, bindingOf(tenantId));
    return text === null ? null : cursorFrom(text);
  }
}

function bindingOf(tenantId: string): { tenantId: string; list: string; filters: Record<string, never> } {
  return { tenantId, list: 'events', filters: {} };
}
