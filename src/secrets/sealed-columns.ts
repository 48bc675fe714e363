/** A column that holds sealed values, in a tenant table whose key is (tenant_id, `id`). maru_app may update it. */
export interface SealedColumn {
  /** Without the schema. */
  readonly table: string;
  readonly column: string;
  /** Column of the row's key. */
  readonly id: string;
}

/** Token of the list of all sealed columns, bound in the composition root: a rotation re-seals them. */
export const SEALED_COLUMNS = Symbol('sealed columns');
