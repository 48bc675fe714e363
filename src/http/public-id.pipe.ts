import type { PipeTransform } from '@nestjs/common';
import { NotFoundError } from '../common/domain-error.js';
import { type IdKind, uuidOf } from '../common/ids.js';

/** The uuid behind a public id in a path: `@Param('id', new PublicIdPipe('job'))`. What is no such id does not exist. */
export class PublicIdPipe implements PipeTransform<string, string> {
  constructor(private readonly kind: IdKind) {}

  /** @throws NotFoundError */
  transform(value: string): string {
    const uuid = uuidOf(this.kind, value);
    if (!uuid) throw new NotFoundError();
    return uuid;
  }
}
