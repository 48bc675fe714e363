import os from 'node:os';
import { ChildLink } from './child-link.mjs';

const BATCHES = [1, 4, 8, 16, 32];

/** Bare loops, one process per core. */
export class BarePictures {
  #children = Array.from(
    { length: os.availableParallelism() },
    () => new ChildLink(new URL('./bare-pictures-child.mjs', import.meta.url)),
  );

  async prepare(model, pictures) {
    await Promise.all(this.#children.map((child) => child.ask({ model, pictures, batch: 8, count: 16 })));
  }

  /** Pictures a second at the best batch size: `{ rate, batch }`. */
  async best(count) {
    let best = { rate: 0, batch: 0 };
    for (const batch of BATCHES) {
      const each = Math.ceil(count / BATCHES.length / this.#children.length / batch) * batch;
      const rates = await Promise.all(
        this.#children.map(async (child) => (each / (await child.ask({ batch, count: each }))) * 1_000),
      );
      const rate = rates.reduce((sum, one) => sum + one, 0);
      if (rate > best.rate) best = { rate, batch };
    }
    return best;
  }

  async close() {
    await Promise.all(this.#children.map((child) => child.close()));
  }
}
