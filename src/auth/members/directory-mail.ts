import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Injectable } from '@nestjs/common';
import { MailConfig } from '../../config/config.js';
import { AccountMail, type LinkLetter } from './account-mail.js';
import { letterText } from './letter-text.js';

/**
 * Puts each letter as a message (RFC 5322) into the `new` folder of a Maildir, from which the mail system of the machine
 * takes it. Not set without MAIL_DIR.
 */
@Injectable()
export class DirectoryMail extends AccountMail {
  readonly isSet: boolean;

  constructor(private readonly config: MailConfig) {
    super();
    this.isSet = config.directory !== null;
  }

  async send(letter: LinkLetter): Promise<void> {
    const { directory, from } = this.config;
    if (directory === null) return;
    const name = `${Date.now()}.${randomUUID()}.eml`;
    const [draft, target] = [path.join(directory, 'tmp', name), path.join(directory, 'new', name)];
    for (const file of [draft, target]) await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await fs.writeFile(draft, messageOf(letter, from, new Date()), { mode: 0o600, flush: true });
    await fs.rename(draft, target); // whoever reads `new` never sees half a letter
  }
}

function messageOf(letter: LinkLetter, from: string, now: Date): string {
  const { subject, text } = letterText(letter);
  const body = Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n');
  return [
    `From: ${from}`,
    `To: ${encoded(letter.to.name)} <${letter.to.email}>`,
    `Subject: ${encoded(subject)}`,
    `Date: ${now.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomUUID()}@${from.split('@').at(-1)!.replace(/[>\s]/g, '')}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    'Auto-Submitted: auto-generated',
    '',
    body,
    '',
  ].join('\r\n');
}

/** RFC 2047: no text of a person can start a header of its own. In pieces that stay below 75 characters. */
function encoded(text: string): string {
  const pieces = text.match(/.{1,12}/gsu) ?? [''];
  return pieces.map((piece) => `=?utf-8?B?${Buffer.from(piece).toString('base64')}?=`).join('\r\n ');
}
