import { NotFoundError } from '../../../src/common/domain-error.js';
import type { Belongings } from './belongings.js';
import type { Rooms } from './rooms.js';

/** One question to a repository: in the name of a tenant, about what may be somebody else's. */
export type RepositoryProbe = (rooms: Rooms, tenantId: string, about: Belongings) => Promise<unknown>;

const PAGE = 100;
const DAY_MS = 86_400_000;
const anyJob = {
  order: 'desc',
  analyzer: null,
  createdAfter: null,
  createdBefore: null,
  metadata: {},
  statuses: null,
} as const;
const range = () => ({
  from: new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - DAY_MS),
  to: new Date(Date.now() + DAY_MS),
});

/** Questions about one thing: nothing comes back unless it is the tenant's own. */
export const FINDS: Readonly<Record<string, RepositoryProbe>> = {
  'jobs.findOne': ({ jobs }, tenantId, about) => jobs.findOne(tenantId, about.jobs[1]!, 'whole'),
  'jobs.findMany': ({ jobs }, tenantId, about) => jobs.findMany(tenantId, about.jobs),
  'jobs.findTimelines': ({ jobs }, tenantId, about) => jobs.findTimelines(tenantId, about.jobs),
  'jobs.findPage by metadata': ({ jobs }, tenantId, { company }) =>
    jobs.findPage(tenantId, { filter: { ...anyJob, metadata: { company: company.slug } }, limit: PAGE, afterId: null }),
  'jobs.countAheadOf': ({ jobs }, tenantId, about) => jobs.countAheadOf(tenantId, about.jobs),
  'files.find': ({ files }, tenantId, { file }) => files.find(tenantId, [file]),
  'uploads.find': ({ uploads }, tenantId, { upload }) => uploads.find(tenantId, upload),
  'models.find': ({ models }, tenantId, { model }) => models.find(tenantId, model),
  'aliases.list': ({ aliases }, tenantId, { analyzer }) => aliases.list(tenantId, analyzer),
  'members.findLogin': ({ members }, tenantId, { email }) => members.findLogin(tenantId, email),
  'members.findSubject': ({ members }, tenantId, { member }) => members.findSubject(tenantId, member),
  'members.profile': ({ members }, tenantId, { member }) => members.profile(tenantId, member),
  'links.find': ({ links }, tenantId, { linkHash }) => links.find(tenantId, linkHash, 'invitation'),
  'keys.findById': ({ keys }, tenantId, { key }) => keys.findById(tenantId, key),
  'keys.name': ({ keys }, tenantId, { key }) => keys.name(tenantId, key),
  'sessions.findById': ({ sessions }, tenantId, { session }) => sessions.findById(tenantId, session),
  'sessions.findByRefreshToken': ({ sessions }, tenantId, { tokenHash }) =>
    sessions.findByRefreshToken(tenantId, tokenHash),
  'sessions.list': ({ sessionList }, tenantId, { member }) => sessionList.list(tenantId, member, PAGE, null),
  'impersonations.find': ({ impersonations }, tenantId, about) => impersonations.find(tenantId, about.impersonation),
  'factors.find': ({ factors }, tenantId, { factored }) => factors.find({ realm: tenantId, subjectId: factored }),
};

/** Questions about all that a tenant has. */
export const LISTS: Readonly<Record<string, RepositoryProbe>> = {
  'jobs.findPage': ({ jobs }, tenantId) => jobs.findPage(tenantId, { filter: anyJob, limit: PAGE, afterId: null }),
  'feed.read': async ({ feed }, tenantId) => (await feed.read(tenantId, null)).rows,
  'files.list': ({ files }, tenantId) => files.list(tenantId, PAGE, null),
  'models.list': ({ models }, tenantId) => models.list(tenantId, PAGE, null),
  'members.list': ({ memberList }, tenantId) => memberList.list(tenantId, PAGE, null),
  'members.lock': ({ db, memberList }, tenantId, { member }) =>
    db.run(tenantId, () => memberList.lock(tenantId, [member])),
  'keys.list': ({ keyList }, tenantId) => keyList.list(tenantId, PAGE, null),
  'audit.ofTenant': ({ audit }, tenantId) => audit.ofTenant(tenantId, { limit: PAGE, beforeId: null }),
  'usage.usage': ({ usage }, tenantId) =>
    usage.usage(tenantId, { ...range(), bucket: 'hour', byAnalyzer: true, byKey: true }),
  'usage.ledger': ({ usage }, tenantId) => usage.ledger(tenantId, {}, null, PAGE),
  'tenantKeys.list': ({ tenantKeys }, tenantId) => tenantKeys.list(tenantId),
  'tenants.get': ({ tenants }, tenantId) => tenants.get(tenantId).catch(nothingWhenUnknown),
};

/** Changes that a repository is asked for, of somebody else's things; they must find nothing to change. */
export const CHANGES: Readonly<Record<string, RepositoryProbe>> = {
  'cancel.tryCancel': ({ cancel }, tenantId, about) => cancel.tryCancel(tenantId, about.jobs[0]!),
  'sessions.revoke': ({ sessions }, tenantId, { session }) => sessions.revoke(tenantId, session, 'logout'),
  'sessions.end': ({ db, sessionList }, tenantId, { member, session }) =>
    db.run(tenantId, () => sessionList.end(tenantId, member, session)),
  'models.retire': ({ models }, tenantId, { model }) => models.retire(tenantId, model),
  'aliases.remove': ({ aliases }, tenantId, { analyzer }) => aliases.remove(tenantId, analyzer, 'canary'),
  'uploads.complete': ({ uploads }, tenantId, { upload }) => uploads.complete(tenantId, upload),
  'members.remove': ({ db, memberList }, tenantId, about) =>
    db.run(tenantId, () => memberList.remove(tenantId, about.member)),
  'keys.revoke': ({ db, keyList }, tenantId, { key }) => db.run(tenantId, () => keyList.revoke(tenantId, key)),
  'links.use': ({ db, links }, tenantId, { linkHash }) =>
    db.run(tenantId, () => links.use(tenantId, linkHash, 'invitation')),
  'factors.remove': ({ db, factors }, tenantId, { factored }) =>
    db.run(tenantId, () => factors.remove({ realm: tenantId, subjectId: factored })),
};

function nothingWhenUnknown(error: unknown): null {
  if (error instanceof NotFoundError) return null;
  throw error;
}
