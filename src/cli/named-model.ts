import { uuidOf } from '../common/ids.js';
import { CommandRefusedError } from './command-refused.error.js';

/** @param name a model as people name it at the terminal @returns its uuid @throws CommandRefusedError */
export function modelIdOf(name: string | undefined): string {
  const id = uuidOf('model', name ?? '');
  if (!id) throw new CommandRefusedError(`"${name ?? ''}" is no id of a model: mdl_..., as model list shows it.`);
  return id;
}
