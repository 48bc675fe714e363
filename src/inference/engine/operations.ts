/** What a child process can be asked: request and answer of each operation. Both must survive structured cloning. */
export type Operations<T> = { [Name in keyof T]: { request: unknown; answer: unknown } };

/** Parent to child. Operation `ping` is answered by every child. */
export interface RequestMessage {
  readonly id: number;
  readonly operation: string;
  readonly request: unknown;
}

/** Child to parent; the first message is `{ ready: true }`. */
export type AnswerMessage =
  | { readonly ready: true }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly refusal: string };
