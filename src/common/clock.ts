/** Time source. Pure code receives one, so that tests and the simulator can own the time. */
export abstract class Clock {
  /** Wall time, epoch milliseconds. For timestamps that people read. */
  abstract now(): number;
  /** Monotonic time in milliseconds. For durations and timeouts. */
  abstract monotonic(): number;
}

/** The machine's clocks. */
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
  monotonic(): number {
    return performance.now();
  }
}
