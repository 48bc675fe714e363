import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Env, InvalidEnvironmentError, parseEnv } from './env.dto.js';
import { makeDirectory } from './make-directory.js';
import { readRemoteRuntimes, type RemoteServerConfig } from './remote-runtimes.js';

/** Where the API listens and how clients reach it. */
export class ServerConfig {
  readonly host: string;
  readonly port: number;
  /** No trailing slash. */
  readonly publicUrl: string;
  readonly production: boolean;
  readonly logLevel: Env['LOG_LEVEL'];
}

/** Connection of the privileged user and the derivation of the runtime roles' passwords. */
export class DatabaseConfig {
  /** URL of a user that may create roles; null = the supervisor starts the embedded server and passes its URL on. */
  readonly url: string | null;
}

/** Directories of this installation. */
export class StorageConfig {
  readonly dataDir: string;
  /** Shipped models, `models/` of the checkout. */
  readonly modelsDir: string;
  /** Built portal and console, `web/dist`. */
  readonly webDir: string;
  readonly samplesDir: string;
}

/** What a worker runs inference with. */
export class InferenceConfig {
  /** null = probe. */
  readonly devices: readonly string[] | null;
  /** Runtimes that serve the models of Maru itself, the preferred one first. */
  readonly shippedRuntimes?: readonly ('onnx' | 'tensorflow')[];
  /** Inference servers that an operator configured. */
  readonly remoteServers?: readonly RemoteServerConfig[];
  readonly decoders: number;
  readonly arenaBytes: number;
  /** Memory for models on each device; null = every model stays on every device. */
  readonly deviceMemoryBytes?: number | null;
  /** Variables of the GPU drivers that are passed on to engines; nothing else of the environment reaches them. */
  readonly driverEnvironment?: Readonly<Record<string, string>>;
}

const DRIVER_VARIABLES = [
  'LD_LIBRARY_PATH',
  'VK_DRIVER_FILES',
  'VK_ICD_FILENAMES',
  'XDG_RUNTIME_DIR',
  'CUDA_VISIBLE_DEVICES',
  'SystemRoot',
];

/** BullMQ's place: Redis when set, else PostgreSQL. */
export class SideWorkConfig {
  readonly redisUrl: string | null;
}

/** Keys that wrap the data keys of tenants. */
export class KeyConfig {
  /** Newest first; none: one derived from the master key. */
  readonly keyEncryptionKeys: readonly { readonly id: string; readonly key: Buffer }[];
}

/** Where outgoing requests may go besides the public internet. */
export class OutboundConfig {
  /** `host:port` that are reached whatever they resolve to, over http too; for demos and tests. */
  readonly allow: readonly string[];
}

/** How letters to members leave this installation. */
export class MailConfig {
  /** Maildir into which letters are put; null = none is sent, and links are shown to whoever makes them. */
  readonly directory: string | null;
  /** Sender, for example `Maru <no-reply@maru.example>`. */
  readonly from: string;
}

/** How much this installation takes in before it answers 429 or 503. */
export class LimitsConfig {
  /** Jobs that may wait or run, of all tenants together. */
  readonly maxQueuedJobs: number;
  /** Submits that this process holds unanswered. */
  readonly maxPendingSubmits: number;
  /** Request bodies in the memory of this process. */
  readonly maxBodyBytes: number;
  /** Free space of the data directory below which nothing is stored; 0 = never. */
  readonly minFreeDiskBytes: number;
  /** Requests of one address without a good credential, a minute. */
  readonly publicRequestsPerMinute: number;
}

/** Root of all derived secrets. Never logged, never stored in the database. */
export class Secrets {
  constructor(private readonly masterKey: Buffer) {}

  /** 32 bytes for one purpose (HKDF-SHA256, purpose as info). */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.masterKey, 'maru', purpose, 32));
  }

  /** Password of a database role, hex. */
  rolePassword(role: string): string {
    return this.derive(`database-role:${role}`).toString('hex');
  }

  /** Keeps the key out of logs and inspection. */
  toJSON(): string {
    return `Secrets(${createHash('sha256').update(this.masterKey).digest('hex').slice(0, 8)})`;
  }
}

/** The whole configuration, validated, typed and frozen; one object per process. */
export interface MaruConfig {
  readonly server: ServerConfig;
  readonly database: DatabaseConfig;
  readonly storage: StorageConfig;
  readonly inference: InferenceConfig;
  readonly sideWork: SideWorkConfig;
  readonly limits: LimitsConfig;
  readonly outbound: OutboundConfig;
  readonly keys: KeyConfig;
  readonly mail: MailConfig;
  readonly secrets: Secrets;
}

const MIB = 2 ** 20;
const ROOT = findRoot(path.dirname(fileURLToPath(import.meta.url)));

/** Reads the environment once. Throws InvalidEnvironmentError with one readable list. */
export function loadConfig(source: NodeJS.ProcessEnv = process.env): MaruConfig {
  const env = parseEnv(source);
  const dataDir = path.resolve(ROOT, env.DATA_DIR);
  const config: MaruConfig = {
    server: {
      host: env.HOST,
      port: env.PORT,
      publicUrl: (env.PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`).replace(/\/+$/, ''),
      production: env.NODE_ENV === 'production',
      logLevel: env.LOG_LEVEL,
    },
    database: { url: env.DATABASE_URL ?? null },
    storage: {
      dataDir,
      modelsDir: path.join(ROOT, 'models'),
      webDir: path.join(ROOT, 'web', 'dist'),
      samplesDir: path.join(ROOT, 'samples'),
    },
    inference: {
      devices: env.INFERENCE_DEVICES === 'auto' ? null : env.INFERENCE_DEVICES.split(',').map((d) => d.trim()),
      shippedRuntimes: env.INFERENCE_RUNTIMES.split(',') as ('onnx' | 'tensorflow')[],
      remoteServers: remoteServers(env),
      decoders: env.INFERENCE_DECODERS ?? Math.min(4, os.availableParallelism()),
      arenaBytes: env.INFERENCE_ARENA_MIB * MIB,
      deviceMemoryBytes: env.MARU_DEVICE_MEMORY_MB === undefined ? null : env.MARU_DEVICE_MEMORY_MB * MIB,
      driverEnvironment: Object.fromEntries(
        DRIVER_VARIABLES.flatMap((name) => (source[name] ? [[name, source[name]]] : [])),
      ),
    },
    sideWork: { redisUrl: env.REDIS_URL ?? null },
    limits: {
      maxQueuedJobs: env.MAX_QUEUED_JOBS,
      maxPendingSubmits: env.MAX_PENDING_SUBMITS,
      maxBodyBytes: env.MAX_BODIES_MIB * MIB,
      minFreeDiskBytes: env.MIN_FREE_DISK_MIB * MIB,
      publicRequestsPerMinute: env.PUBLIC_REQUESTS_PER_MINUTE,
    },
    outbound: { allow: outboundAllow(env) },
    keys: { keyEncryptionKeys: keyEncryptionKeys(env) },
    mail: { directory: env.MAIL_DIR ? path.resolve(ROOT, env.MAIL_DIR) : null, from: env.MAIL_FROM },
    secrets: new Secrets(masterKey(env, dataDir)),
  };
  for (const section of Object.values(config)) Object.freeze(section);
  return Object.freeze(config);
}

function remoteServers(env: Env): readonly RemoteServerConfig[] {
  try {
    return readRemoteRuntimes(env.MARU_REMOTE_RUNTIMES);
  } catch (error) {
    throw new InvalidEnvironmentError((error as Error).message, { cause: error });
  }
}

/** `id:hex,id:hex`, newest first. */
function keyEncryptionKeys({ KEY_ENCRYPTION_KEYS }: Env): { id: string; key: Buffer }[] {
  const entries = (KEY_ENCRYPTION_KEYS ?? '').split(',').filter(Boolean);
  return entries.map((entry) => {
    const [id = '', hex = ''] = entry.trim().split(':');
    return { id, key: Buffer.from(hex, 'hex') };
  });
}

/** An installation that others reach over https must not open a way to addresses inside. */
function outboundAllow({ OUTBOUND_ALLOW, PUBLIC_URL }: Env): string[] {
  const allow = (OUTBOUND_ALLOW ?? '')
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter(Boolean);
  if (allow.length > 0 && PUBLIC_URL?.startsWith('https:')) {
    throw new InvalidEnvironmentError('OUTBOUND_ALLOW: must be empty while PUBLIC_URL is https');
  }
  return allow;
}

/** The key of the environment, else the one of the data directory, made there once; production must give its own. */
function masterKey(env: Env, dataDir: string): Buffer {
  if (env.MARU_MASTER_KEY) return Buffer.from(env.MARU_MASTER_KEY);
  if (env.NODE_ENV === 'production') {
    throw new InvalidEnvironmentError(
      'MARU_MASTER_KEY: must be set in production, for example to the output of "openssl rand -hex 32"',
    );
  }
  const file = path.join(dataDir, 'master.key');
  makeDirectory(dataDir);
  try {
    fs.writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return Buffer.from(fs.readFileSync(file, 'utf8'));
}

/** The checkout: the nearest directory above with a package.json (works from src and from dist). */
function findRoot(from: string): string {
  for (let dir = from; ; dir = path.dirname(dir)) {
    if (fs.existsSync(path.join(dir, 'package.json'))) return dir;
    if (dir === path.dirname(dir)) return from;
  }
}
