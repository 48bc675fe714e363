import { Injectable, Logger } from '@nestjs/common';
import { WorkerPool } from '../role-pool.js';
import { XminHistory } from './xmin-history.js';

/** A snapshot older than this makes claims slower: after 40 s of a busy queue by a factor of 14. */
const ALARM_MS = 60_000;
/** While it lasts the alarm is repeated this often. */
const REPEAT_MS = 300_000;

/** Who holds the oldest snapshot of the database. */
export interface XminHolder {
  readonly kind: 'session' | 'prepared transaction' | 'replication slot';
  /** Of the application, the prepared transaction or the slot. */
  readonly name: string;
  readonly pid: number | null;
  readonly role: string | null;
  readonly state: string | null;
  /** Start of its transaction. */
  readonly since: Date | null;
  /** Transaction ids given out since. */
  readonly ageXids: number;
}

/** What operators see of it. */
export interface XminStatus {
  /** Age of the oldest snapshot, ms: as long as this nothing that died has been cleaned. */
  readonly oldestXminMs: number;
  /** True from ALARM_MS on. */
  readonly alarm: boolean;
  readonly holder: XminHolder | null;
  /** False: sessions of other roles are hidden, because maru_owner lacks pg_read_all_stats. */
  readonly seesAll: boolean;
}

interface Row extends XminHolder {
  readonly nextXid: string;
  readonly seesAll: boolean;
}

const LOOK = `
select kind, name, pid, role, state, since, age_xids as "ageXids", next_xid as "nextXid", sees_all as "seesAll" from maru.xmin_holders()`;
const NOTHING: XminStatus = { oldestXminMs: 0, alarm: false, holder: null, seesAll: true };

/**
 * Warns while somebody keeps dead rows from being cleaned: a forgotten transaction, a dump, a standby, a slot that nobody
 * reads. Nothing else tells; the queue just becomes slower and every table larger.
 */
@Injectable()
export class XminAlarm {
  private readonly log = new Logger(XminAlarm.name);
  private readonly history = new XminHistory();
  private latest = NOTHING;
  private warnedMs = Number.NEGATIVE_INFINITY;
  private saidBlind = false;

  constructor(private readonly pool: WorkerPool) {}

  /** As of the last look. */
  get status(): XminStatus {
    return this.latest;
  }

  /** Looks, and warns when there is reason to. @param nowMs monotonic */
  async look(nowMs = performance.now(), alarmMs = ALARM_MS): Promise<XminStatus> {
    const row = (await this.pool.query<Row>(LOOK)).rows[0]!;
    this.history.note(nowMs, Number(row.nextXid));
    const held = row.kind !== null;
    const oldestXminMs = held ? this.history.ageMs(Number(row.nextXid) - row.ageXids, nowMs) : 0;
    const { kind, name, pid, role, state, since, ageXids, seesAll } = row;
    const holder = held ? { kind, name, pid, role, state, since, ageXids } : null;
    this.latest = { oldestXminMs, alarm: oldestXminMs >= alarmMs, holder, seesAll };
    this.tell(nowMs);
    return this.latest;
  }

  private tell(nowMs: number): void {
    const { alarm, holder, seesAll, oldestXminMs } = this.latest;
    if (!seesAll && !this.saidBlind) {
      this.saidBlind = true;
      this.log.warn(
        'old snapshots of other sessions cannot be seen: as a superuser, run "grant pg_read_all_stats to maru_owner"',
      );
    }
    if (alarm && holder && nowMs - this.warnedMs >= REPEAT_MS) {
      this.warnedMs = nowMs;
      this.log.warn(describe(holder, oldestXminMs));
    } else if (!alarm && this.warnedMs > Number.NEGATIVE_INFINITY) {
      this.warnedMs = Number.NEGATIVE_INFINITY;
      this.log.log('the old snapshot is gone: dead rows are cleaned again');
    }
  }
}

/** One line: who, since when, what it does and how to end it. */
function describe(holder: XminHolder, oldestXminMs: number): string {
  const { kind, name, pid, role, state, since, ageXids } = holder;
  const facts = [
    pid !== null && `pid ${pid}`,
    role !== null && `role ${role}`,
    state !== null && `state ${state}`,
    since !== null && `transaction since ${since.toISOString()}`,
    `${ageXids} transactions ago`,
  ].filter(Boolean);
  return (
    `no dead row has been cleaned for ${Math.round(oldestXminMs / 1000)} s, so the queue gets slower and the tables grow: ` +
    `${kind} "${name}" (${facts.join(', ')}) holds an old snapshot. ${CURE[kind](holder)}`
  );
}

const CURE: Readonly<Record<XminHolder['kind'], (holder: XminHolder) => string>> = {
  session: ({ pid }) => `End its transaction, or run "select pg_terminate_backend(${pid})".`,
  'prepared transaction': ({ name }) => `Finish it: "commit prepared '${name}'" or "rollback prepared '${name}'".`,
  'replication slot': ({ name }) =>
    `Let its reader catch up, or drop it: "select pg_drop_replication_slot('${name}')".`,
};
