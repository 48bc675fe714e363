import fs from 'node:fs';
import path from 'node:path';

/** What was asked in one phase, by kind. */
export interface PhaseCount {
  readonly phase: string;
  readonly kind: string;
  probes: number;
  findings: number;
  /** Bytes of answers that were searched. */
  bytes: number;
}

/** Counts probes and keeps what they found. */
export class Tally {
  readonly findings: string[] = [];
  readonly timings: Record<'foreign' | 'missing', number[]> = { foreign: [], missing: [] };
  private readonly counts = new Map<string, PhaseCount>();

  add(phase: string, kind: string, bytes: number, faults: readonly string[]): void {
    const key = `${phase}/${kind}`;
    const count = this.counts.get(key) ?? { phase, kind, probes: 0, findings: 0, bytes: 0 };
    count.probes += 1;
    count.findings += faults.length;
    count.bytes += bytes;
    this.counts.set(key, count);
    if (this.findings.length < 200) this.findings.push(...faults.map((fault) => `${phase}, ${kind}: ${fault}`));
  }

  get probes(): number {
    return [...this.counts.values()].reduce((sum, { probes }) => sum + probes, 0);
  }

  /** Probes of one kind, over all phases. */
  countOf(kind: string): number {
    return [...this.counts.values()].reduce((sum, count) => sum + (count.kind === kind ? count.probes : 0), 0);
  }

  /** Median and tails of how long an unknown id took, ms: a foreign one must look like one that does not exist. */
  bands(): Record<'foreign' | 'missing', Record<string, number>> {
    return { foreign: bandOf(this.timings.foreign), missing: bandOf(this.timings.missing) };
  }

  table(seconds: number): string {
    const rows = [...this.counts.values()].map(({ phase, kind, probes, findings, bytes }) => [
      phase,
      kind,
      String(probes),
      (bytes / 1e6).toFixed(1),
      String(findings),
    ]);
    const lines = [['phase', 'probes of', 'count', 'MB of rows', 'findings'], ...rows].map(
      ([phase = '', kind = '', ...numbers]) =>
        `${phase.padEnd(34)}${kind.padEnd(26)}${numbers.map((n) => n.padStart(13)).join('')}`,
    );
    const { foreign, missing } = this.bands();
    return [
      ...lines,
      `${this.probes} probes in ${seconds.toFixed(0)} s, ${this.findings.length} findings`,
      `an unknown id, ms: foreign ${JSON.stringify(foreign)}, missing ${JSON.stringify(missing)}`,
      '',
    ].join('\n');
  }

  write(file: string, about: object): void {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const report = {
      ...about,
      probes: this.probes,
      findings: this.findings,
      bands: this.bands(),
      counts: [...this.counts.values()],
    };
    fs.writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  }
}

function bandOf(times: readonly number[]): Record<string, number> {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) => Number((sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(2));
  return { n: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}
