/** A drain that takes longer than this after the parent died is cut off. */
const DRAIN_LIMIT_MS = 25_000;

/**
 * Ties a forked process to its parent: when the parent dies, even by SIGKILL, its IPC channel closes and this process
 * drains as after SIGTERM. Does nothing in a process that was not forked.
 */
export function exitWithParent(): void {
  if (!process.connected) return;
  // A dead parent also closes our stdout: writing the last log lines must not crash the drain.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), DRAIN_LIMIT_MS).unref();
  });
  process.channel?.unref();
}
