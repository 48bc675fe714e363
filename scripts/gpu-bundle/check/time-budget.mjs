/** Time for the whole check: each part gets its own limit, or what is left when that is less. */
export class TimeBudget {
  #endsAt;

  /** @param totalMs from now on */
  constructor(totalMs) {
    this.#endsAt = performance.now() + totalMs;
  }

  /** Resolves as the work does; rejects when that takes longer than the part may. The work is not stopped. */
  async within(limitMs, work) {
    const leftMs = Math.min(limitMs, this.#endsAt - performance.now());
    if (leftMs <= 0) throw new Error('no time was left for it');
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`it took longer than ${Math.round(leftMs / 1_000)} s`)), leftMs);
    });
    try {
      return await Promise.race([work(), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
