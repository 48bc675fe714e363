import { Injectable, type PipeTransform } from '@nestjs/common';
import { NotFoundError } from '../common/domain-error.js';
import { uuidOf } from '../common/ids.js';

/** The uuid behind a tenant's id in a path; anything else is an unknown address. */
@Injectable()
export class TenantIdPipe implements PipeTransform<string, string> {
  transform(text: string): string {
    const uuid = uuidOf('tenant', text);
    if (uuid === null) throw new NotFoundError();
    return uuid;
  }
}
