import { Injectable, type PipeTransform } from '@nestjs/common';
import { ValidationFailedError } from '../../common/domain-error.js';

const NAME = /^[a-z][a-z0-9-]{0,30}$/;

/** The name of a plan in a path. */
@Injectable()
export class PlanNamePipe implements PipeTransform<string, string> {
  /** @throws ValidationFailedError */
  transform(name: string): string {
    if (NAME.test(name)) return name;
    const message = 'must begin with a small letter and have at most 31 small letters, digits and hyphens';
    throw new ValidationFailedError([{ pointer: '/name', code: 'pattern', message }]);
  }
}
