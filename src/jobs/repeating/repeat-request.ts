/** What a request to repeat a job may say: it has headers and no body. */
export interface RepeatRequest {
  readonly idempotencyKey: string | null;
  /** From the Cancel-After header. */
  readonly cancelAfterMs: number | null;
  readonly traceId: string | null;
}
