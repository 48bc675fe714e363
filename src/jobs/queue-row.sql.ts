/*
 * Queue rows are looked up from keys (`k`: t tenant, b band, i job) by a lateral subquery, so that nothing but one probe
 * of the index per key is possible. In an ordinary join the planner may begin with the queue when its statistics call it
 * almost empty, and then reads all the keys again for each row of a queue that has grown since.
 */
const SAME_KEY = 'q.tenant_id = k.t and q.band = k.b and q.id = k.i';

/** Joins the attempt of each key's queue row, where it meets the condition. */
export const rowOf = (condition: string): string =>
  `cross join lateral (select q.attempt from maru.job_queue q where ${SAME_KEY} and ${condition} offset 0) q`;

/** The same under the row's lock; `q.row` is the row's place, for DELETE_LOCKED and `lockedIn`. */
export const lockedRow = (condition: string): string => `cross join lateral (
     select q.ctid as row, q.attempt from maru.job_queue q where ${SAME_KEY} and ${condition} for update) q`;

/** Condition on job_queue: the rows that the CTE has locked. */
export const lockedIn = (cte: string): string => `ctid = any (array(select row from ${cte}))`;

/** Deletes the rows that CTE `c` has locked. */
export const DELETE_LOCKED = `d as (delete from maru.job_queue where ${lockedIn('c')} returning 1)`;
