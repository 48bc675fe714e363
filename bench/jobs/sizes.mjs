/** How much is done: the full run takes about ten minutes, the quick one a minute and a half. */
export const FULL = {
  rounds: 3,
  pipeline: { warmUp: 8_000, jobs: 16_000, ratePerS: 1_500, warmUpMs: 3_000, forMs: 8_000 },
  floor: 6_000,
  others: 2_000,
  submits: 10_000,
  histories: [1_000, 1_000_000, 5_000_000],
  claims: 600,
  http: { ratePerS: 200, forMs: 10_000 },
  watchers: [
    { watchers: 1_000, followed: 1_000, jobs: 10_000, ratePerS: 1_000 },
    { watchers: 10_000, followed: 1_000, jobs: 10_000, ratePerS: 1_000 },
    { watchers: 10_000, followed: 10_000, jobs: 10_000, ratePerS: 1_000 },
  ],
};

export const QUICK = {
  rounds: 2,
  pipeline: { warmUp: 1_500, jobs: 3_000, ratePerS: 1_500, warmUpMs: 1_000, forMs: 2_000 },
  floor: 2_000,
  others: 400,
  submits: 3_000,
  histories: [1_000, 100_000],
  claims: 100,
  http: { ratePerS: 100, forMs: 3_000 },
  watchers: [{ watchers: 500, followed: 200, jobs: 2_000, ratePerS: 1_000 }],
};
