import { registerDecorator } from 'class-validator';
import { isStorableText } from '../../common/storable-text.js';

const MAX_KEYS = 16;
const MAX_KEY_LENGTH = 64;
const MAX_VALUE_LENGTH = 256;

/** True for at most 16 pairs of short texts. */
export function isMetadata(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const pairs = Object.entries(value as Record<string, unknown>);
  return pairs.length <= MAX_KEYS && pairs.every(isPair);
}

function isPair([key, value]: [string, unknown]): boolean {
  if (typeof value !== 'string' || value.length > MAX_VALUE_LENGTH) return false;
  return key.length >= 1 && key.length <= MAX_KEY_LENGTH && isStorableText(key) && isStorableText(value);
}

/** Property decorator: client metadata of a job. */
export function IsMetadata(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isMetadata',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: isMetadata,
        defaultMessage: () =>
          `must map at most ${MAX_KEYS} keys of 1 to ${MAX_KEY_LENGTH} characters to texts of at most ${MAX_VALUE_LENGTH}`,
      },
    });
}
