import type { PipeTransform } from '@nestjs/common';
import { NotFoundError } from '../../common/domain-error.js';
import { type AliasName, ALIASES } from './model-alias.js';

/** An alias in a path. What is none does not exist. */
export class AliasNamePipe implements PipeTransform<string, AliasName> {
  /** @throws NotFoundError */
  transform(value: string): AliasName {
    const alias = ALIASES.find((name) => name === value);
    if (!alias) throw new NotFoundError();
    return alias;
  }
}
