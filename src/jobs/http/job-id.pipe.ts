import { Injectable, type PipeTransform } from '@nestjs/common';
import { NotFoundError } from '../../common/domain-error.js';
import { uuidOf } from '../../common/ids.js';

/** The uuid behind a job id in a path. What is no job id is a job that does not exist. */
@Injectable()
export class JobId implements PipeTransform<string, string> {
  transform(value: string): string {
    const uuid = uuidOf('job', value);
    if (!uuid) throw new NotFoundError();
    return uuid;
  }
}
