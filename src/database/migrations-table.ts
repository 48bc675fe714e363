/** Where applied migrations are noted; in `public`, because it outlives the schema `maru`. */
export const MIGRATIONS_TABLE = 'maru_migrations';
