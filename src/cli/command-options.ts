import { Option } from 'nest-commander';

/** An option as it is typed. */
export interface CommandOption {
  /** Such as `--name <name>`; without `<...>` it is a switch. */
  readonly flags: string;
  readonly description: string;
  readonly required?: boolean;
  /** What the text means; itself unless given. */
  readonly read?: (text: string) => unknown;
}

/** Name of a tenant or a person. */
export const NAME: CommandOption = { flags: '--name <name>', description: 'Name that people read' };
/** What operators decide of a tenant when they make it and later. */
export const TENANT_TERMS: readonly CommandOption[] = [
  { flags: '--weight <weight>', description: 'Share of the devices, 1 to 100', read: Number },
  { flags: '--plan <plan>', description: 'Name of a plan' },
];
/** Why something is done to a tenant. */
export const REASON: CommandOption = {
  flags: '--reason <reason>',
  description: 'Kept in the audit log',
  required: true,
};
/** As which operator a command works inside a tenant. */
export const AS_OPERATOR: CommandOption = {
  flags: '--operator <operator>',
  description: 'As whom: e-mail address or opr_...',
  required: true,
};

/** Gives a command its options; `run` finds each under its name in camel case. */
export function Takes(...options: readonly CommandOption[]): ClassDecorator {
  return ({ prototype }) => {
    for (const { read = asTyped, ...option } of options) {
      const descriptor = { value: (text: string) => read(text), writable: true, configurable: true };
      Object.defineProperty(prototype, option.flags, descriptor);
      Option(option)(prototype as object, option.flags, descriptor);
    }
  };
}

function asTyped(text: string): string {
  return text;
}
