/** At most `slots` pieces of work at a time; the rest wait in order. */
export class Semaphore {
  private readonly waiting: (() => void)[] = [];

  constructor(private slots: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.slots > 0) this.slots--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift(); // the slot passes on without becoming free
      if (next) next();
      else this.slots++;
    }
  }
}
