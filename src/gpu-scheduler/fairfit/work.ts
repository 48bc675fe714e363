/** Counts elementary steps of the core's structures, so that a test can bound the work of a decision without a clock. */
export class Work {
  /** Tree levels, heap levels, lanes and tenants looked at since the start. */
  steps = 0;
}
