import { registerDecorator } from 'class-validator';
import { isOwnDomain } from '../email-domain.js';

/** Property decorator: each entry is the domain of one organization. */
export function AreOwnDomains(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'areOwnDomains',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: areOwnDomains,
        defaultMessage: () =>
          'must name domains of your own in lower case (others than ASCII in punycode), no public suffix such as "com"',
      },
    });
}

function areOwnDomains(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string' && isOwnDomain(entry));
}
