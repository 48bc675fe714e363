import { type FieldError, ValidationFailedError } from '../common/domain-error.js';

const MIN_PASSWORD = 8;
const MAX_PASSWORD = 200; // a longer one only costs hashing time

/** Faults of a new account's fields. Throws ValidationFailedError. */
export function requireAccount(account: { email: string; name: string; password: string }): void {
  const faults: FieldError[] = [];
  const check = (holds: boolean, pointer: string, message: string) => {
    if (!holds) faults.push({ pointer, code: 'invalid', message });
  };
  const { email, name, password } = account;
  check(/^[^\s@]+@[^\s@]+$/.test(email) && email.length <= 254, '/email', 'must be an e-mail address');
  check(name.trim() !== '' && name.length <= 100, '/name', 'must have 1 to 100 characters');
  const fits = password.length >= MIN_PASSWORD && password.length <= MAX_PASSWORD;
  check(fits, '/password', `must have ${MIN_PASSWORD} to ${MAX_PASSWORD} characters; 15 or more are better`);
  if (faults.length > 0) throw new ValidationFailedError(faults);
}
