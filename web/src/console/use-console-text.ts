import type { MessageKey } from '../i18n/ko.js';
import { type Text, useText } from '../i18n/use-text.js';
import type { ConsoleKey } from './ko.js';

/** Texts of the console and those it shares with the portal. */
export function useConsoleText(): Text<MessageKey | ConsoleKey> {
  return useText<MessageKey | ConsoleKey>();
}
