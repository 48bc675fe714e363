import type { SealedColumn } from '../secrets/sealed-columns.js';

/** Every column that holds sealed values of tenants. A room that adds one adds it here, or a rotation leaves it behind. */
export const SEALED: readonly SealedColumn[] = [{ table: 'oidc_providers', column: 'client_secret', id: 'id' }];
