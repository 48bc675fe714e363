/** Something that another room wants done in every round of housekeeping. It must be safe to run twice, or late. */
export interface Chore {
  /** Names it in the log and the report. */
  readonly name: string;
  /** One round, of bounded time. What it resolves with goes into the report. */
  run(): Promise<object>;
}

/** Token of the list of chores of the other rooms, bound in the composition root: side work knows none of them. */
export const CHORES = Symbol('housekeeping chores');
