import { CommandFactory } from 'nest-commander';
import { expect, vi } from 'vitest';
import { CliModule } from '../../src/cli/cli.module.js';
import { commandConfig } from '../../src/cli/command-config.js';
import { reportFailure } from '../../src/cli/report-failure.js';

/** What a command wrote, and how it ended. */
export interface CommandRun {
  readonly out: string;
  readonly error: string;
  readonly code: number;
}

/** One command, as the terminal would run it, in this process. */
export async function maru(...words: string[]): Promise<CommandRun> {
  let [out, error] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk: unknown) => ((out += String(chunk)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk: unknown) => ((error += String(chunk)), true));
  const { argv } = process;
  const { isTTY } = process.stdout;
  process.stdout.isTTY = false;
  process.argv = ['node', 'maru', ...words];
  process.exitCode = undefined;
  try {
    const options = {
      logger: false as const,
      cliName: 'maru',
      serviceErrorHandler: reportFailure,
      errorHandler: reportFailure,
    };
    await CommandFactory.run(CliModule.forRoot(await commandConfig()), options);
  } finally {
    process.argv = argv;
    process.stdout.isTTY = isTTY;
    vi.restoreAllMocks();
  }
  const run = { out, error, code: Number(process.exitCode ?? 0) };
  process.exitCode = undefined;
  return run;
}

/** The document that a command printed; fails the test when it complained. */
export function printed({ out, error }: CommandRun): Record<string, unknown> {
  expect(error).toBe('');
  return JSON.parse(out) as Record<string, unknown>;
}
