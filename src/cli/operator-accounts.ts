import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { OperatorAdministration } from '../auth/operators/operator-administration.js';
import type { Operator } from '../auth/operators/operator-list.repository.js';
import { publicId, uuidOf } from '../common/ids.js';
import { CommandRefusedError } from './command-refused.error.js';

const PAGE = 200;

/** Operators as people name them at the terminal: by e-mail address or public id. */
@Injectable()
export class OperatorAccounts {
  constructor(private readonly administration: OperatorAdministration) {}

  /** In the order of their creation. */
  async list(): Promise<Operator[]> {
    const all: Operator[] = [];
    for (;;) {
      const page = await this.administration.list(PAGE, all.at(-1)?.id ?? null);
      all.push(...page);
      if (page.length < PAGE) return all;
    }
  }

  /** @returns its uuid @throws CommandRefusedError */
  async id(name: string | undefined): Promise<string> {
    const wanted = (name ?? '').trim().toLowerCase();
    const found = (await this.list()).find(({ id, email }) => email === wanted || id === uuidOf('operator', wanted));
    if (!found)
      throw new CommandRefusedError(`There is no operator "${name ?? ''}". Name an e-mail address or opr_....`);
    return found.id;
  }
}

/** As the terminal shows them. */
export function shownOperator({ id, email, name, status, createdAt }: Operator): object {
  return { id: publicId('operator', id), email, name, status, createdAt };
}

/** Words that nobody chose: 144 bits. Arguments of a command are seen by others on the machine, what it prints is not. */
export function freshPassword(): string {
  return randomBytes(18).toString('base64url');
}
