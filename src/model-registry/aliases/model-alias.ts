export const ALIASES = ['stable', 'canary'] as const;
export type AliasName = (typeof ALIASES)[number];

/** One pointer of an analyzer. */
export interface ModelAlias {
  readonly slug: string;
  readonly alias: AliasName;
  /** uuid. */
  readonly modelId: string;
  /** Jobs that it takes; always 100 for `stable`. */
  readonly percent: number;
  readonly previousModelId: string | null;
  readonly revision: number;
  readonly updatedBy: string | null;
  readonly updatedAt: Date;
}
