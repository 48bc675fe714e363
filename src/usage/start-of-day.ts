const MS_PER_DAY = 86_400_000;

/** Midnight before an instant, UTC. */
export function startOfDay(at: Date): Date {
  return new Date(Math.floor(at.getTime() / MS_PER_DAY) * MS_PER_DAY);
}
