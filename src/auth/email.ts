/** E-mail addresses are compared in lower case, without blanks around them. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}
