import { adoptEnvironment } from '../config/child-environment.js';

/** What the supervisor sends to a forked role when it is to begin. */
export interface StartMessage {
  readonly type: 'start';
  /** Environment that was not known at the fork. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Loads a role's modules, which takes most of its start, and waits until the supervisor says that the role is needed.
 * So a fresh start loads while the database comes up, and a dead role is replaced by a spare that has loaded already.
 * A process that was not forked begins at once.
 * @param role process title once it works; a waiting one is called `maru spare <role>`
 */
export async function standby<T>(role: string, load: () => Promise<T>): Promise<T> {
  const forked = process.connected === true;
  process.title = forked ? `maru spare ${role}` : `maru ${role}`;
  const start = forked ? startMessage() : Promise.resolve({});
  const loaded = await load();
  adoptEnvironment(await start);
  process.title = `maru ${role}`;
  return loaded;
}

function startMessage(): Promise<StartMessage['env']> {
  return new Promise((resolve) => {
    const hear = (message: Partial<StartMessage> | null): void => {
      if (message?.type !== 'start') return;
      process.off('message', hear);
      process.channel?.unref();
      resolve(message.env ?? {});
    };
    process.channel?.ref();
    process.on('message', hear);
  });
}
