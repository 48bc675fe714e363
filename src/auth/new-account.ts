import { type FieldError, ValidationFailedError } from '../common/domain-error.js';
import { PLAIN_TEXT } from '../common/plain-text.js';
import { passwordFault } from './passwords/password-rules.js';

/** Faults of a new account's fields. Throws ValidationFailedError. */
export function requireAccount(account: { email: string; name: string; password?: string }): void {
  const faults: FieldError[] = [];
  const check = (holds: boolean, pointer: string, message: string) => {
    if (!holds) faults.push({ pointer, code: 'invalid', message });
  };
  const { email, name, password } = account;
  check(/^[^\s@]+@[^\s@]+$/.test(email) && email.length <= 254, '/email', 'must be an e-mail address');
  check(name.trim() !== '' && name.length <= 100 && PLAIN_TEXT.test(name), '/name', 'must have 1 to 100 characters');
  const fault = password === undefined ? null : passwordFault(password, [email, name]);
  if (fault !== null) faults.push({ pointer: '/password', ...fault });
  if (faults.length > 0) throw new ValidationFailedError(faults);
}

/** @throws ValidationFailedError for a password that the rules refuse */
export function requirePassword(password: string, about: readonly string[]): void {
  const fault = passwordFault(password, about);
  if (fault !== null) throw new ValidationFailedError([{ pointer: '/password', ...fault }]);
}
