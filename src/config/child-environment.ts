/**
 * Environment of a child process: this process's own, with `overrides` on top and `defaults` where a name is unset.
 * The one way for the rooms to pass the environment on without reading it.
 */
export function childEnvironment(
  overrides: Readonly<Record<string, string>>,
  defaults: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  const own = Object.fromEntries(
    Object.entries(process.env).filter(([, value]) => value !== undefined && value !== ''),
  );
  return { ...defaults, ...own, ...overrides };
}

/** Takes values over that the parent process knows only after this one was forked; call it before `loadConfig`. */
export function adoptEnvironment(values: Readonly<Record<string, string>>): void {
  Object.assign(process.env, values);
}
