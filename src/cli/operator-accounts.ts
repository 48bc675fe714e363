import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { OperatorAdministration } from '../auth/operators/operator-administration.js';
import type { Operator } from '../auth/operators/operator-list.repository.js';
import { uuidOf } from '../common/ids.js';
import { allPages } from './all-pages.js';
import { CommandRefusedError } from './command-refused.error.js';

/** Operators as people name them at the terminal: by e-mail address or public id. */
@Injectable()
export class OperatorAccounts {
  constructor(private readonly administration: OperatorAdministration) {}

  /** In the order of their creation. */
  list(): Promise<Operator[]> {
    return allPages((limit, after) => this.administration.list(limit, after));
  }

  /** @returns its uuid @throws CommandRefusedError */
  async id(name: string | undefined): Promise<string> {
    return (await this.find(name)).id;
  }

  /** One who may sign in. @returns its uuid @throws CommandRefusedError */
  async activeId(name: string | undefined): Promise<string> {
    const { id, email, status } = await this.find(name);
    if (status !== 'active') throw new CommandRefusedError(`The operator ${email} is disabled.`);
    return id;
  }

  private async find(name = ''): Promise<Operator> {
    const wanted = name.trim().toLowerCase();
    const found = (await this.list()).find(({ id, email }) => email === wanted || id === uuidOf('operator', wanted));
    if (found) return found;
    throw new CommandRefusedError(`There is no operator "${name}". Name an e-mail address or opr_....`);
  }
}

/** Words that nobody chose: 144 bits. Arguments of a command are seen by others on the machine, what it prints is not. */
export function freshPassword(): string {
  return randomBytes(18).toString('base64url');
}
