/** An API key as those who manage keys see it; never the key itself. */
export interface ApiKey {
  /** uuid. */
  readonly id: string;
  readonly name: string;
  /** First characters, such as `maru_live_A1b2C3`. */
  readonly start: string;
  readonly last4: string;
  readonly scopes: readonly string[];
  /** CIDR ranges that may use it; empty = any. */
  readonly allowedCidrs: readonly string[];
  readonly expiresAt: Date | null;
  /** At most a minute late. */
  readonly lastUsedAt: Date | null;
  /** Public id; null for the platform itself. */
  readonly createdBy: string | null;
  readonly createdAt: Date;
  /** uuid of the key that a rotation made. */
  readonly replacedBy: string | null;
  readonly isExpired: boolean;
}
