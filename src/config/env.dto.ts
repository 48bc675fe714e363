import { plainToInstance, Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUrl, Matches, Max, Min, MinLength, validateSync } from 'class-validator';

const integer = () => Transform(({ value }) => (value === undefined || value === '' ? undefined : Number(value)));

const KEY_LIST = /^\s*([a-z0-9-]{1,32}:[0-9a-f]{64}\s*(,\s*|$))*$/;
const HOST_LIST = /^\s*([^\s,/@]+:\d{1,5}\s*(,\s*|$))*$/;

/** The environment of every role. Each variable is optional in development; the comment names its default. */
export class Env {
  /** `production` seeds nothing and demands MARU_MASTER_KEY. Default `development`. */
  @IsIn(['development', 'production', 'test'])
  NODE_ENV: 'development' | 'production' | 'test' = 'development';

  /** Port of the API on HOST. Default 3000. */
  @integer()
  @IsInt()
  @Min(1)
  @Max(65535)
  PORT: number = 3000;

  /** Address to listen on. Default 127.0.0.1. */
  @IsString()
  HOST: string = '127.0.0.1';

  /** Address that clients use. Default http://HOST:PORT. */
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  PUBLIC_URL?: string;

  /** PostgreSQL 15 or newer, as a user that may create roles. Default: the embedded server. */
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['postgres', 'postgresql'] })
  DATABASE_URL?: string;

  /** Files, the embedded database, the master key, demo credentials. Default `.data`. */
  @IsString()
  DATA_DIR: string = '.data';

  /** 32 bytes or more, hex or base64url; roots every derived secret. Default: made once in DATA_DIR, never in production. */
  @IsOptional()
  @IsString()
  @MinLength(32)
  MARU_MASTER_KEY?: string;

  /** Keys that wrap the data keys of tenants, newest first: `id:64 hex digits,...`. Default: one derived from the master key. */
  @IsOptional()
  @Matches(KEY_LIST, { message: 'KEY_ENCRYPTION_KEYS must be a list of id:64 hex digits' })
  KEY_ENCRYPTION_KEYS?: string;

  /** Redis for side work; without it PostgreSQL carries the side work too. */
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['redis', 'rediss'] })
  REDIS_URL?: string;

  /** Devices to use: `auto` probes, or a list such as `cuda,cpu`. Default `auto`. */
  @IsString()
  INFERENCE_DEVICES: string = 'auto';

  /** Artefacts that the models of Maru itself are served from, in order of preference. Default `onnx,tensorflow`. */
  @Matches(/^(onnx|tensorflow)(,(onnx|tensorflow))?$/)
  INFERENCE_RUNTIMES: string = 'onnx,tensorflow';

  /** Inference servers elsewhere: a JSON array, or the path of a JSON file (docs/inference.md). Default: none. */
  @IsOptional()
  @IsString()
  MARU_REMOTE_RUNTIMES?: string;

  /** Decoder processes of a worker. Default: one per core, at most 4. */
  @IsOptional()
  @integer()
  @IsInt()
  @Min(1)
  @Max(64)
  INFERENCE_DECODERS?: number;

  /** Size of the tensor arena in MiB. Default 64. */
  @integer()
  @IsInt()
  @Min(8)
  @Max(65536)
  INFERENCE_ARENA_MIB: number = 64;

  /** Memory for models on each device, in MiB; models beyond it are loaded and evicted by demand. Default: all stay loaded. */
  @IsOptional()
  @integer()
  @IsInt()
  @Min(16)
  @Max(16_777_216)
  MARU_DEVICE_MEMORY_MB?: number;

  /** Jobs that may wait or run, of all tenants together; a submit above it is answered 503. Default 1,000,000. */
  @integer()
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  MAX_QUEUED_JOBS: number = 1_000_000;

  /** Submits that one API process holds unanswered before it answers 503. Default 5,000. */
  @integer()
  @IsInt()
  @Min(2)
  @Max(1_000_000)
  MAX_PENDING_SUBMITS: number = 5_000;

  /** Request bodies in the memory of one API process before it answers 503, in MiB. Default 256. */
  @integer()
  @IsInt()
  @Min(64)
  @Max(65536)
  MAX_BODIES_MIB: number = 256;

  /** Uploads and submits are answered 503 while DATA_DIR has less free space than this, in MiB; 0 = never. Default 512. */
  @integer()
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  MIN_FREE_DISK_MIB: number = 512;

  /** Requests of one address without a good credential before it is answered 429, a minute; probes are counted apart. Default 3,000. */
  @integer()
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  PUBLIC_REQUESTS_PER_MINUTE: number = 3_000;

  /** Comma-separated `host:port` that webhooks and input URLs may reach though they are not public; refused when PUBLIC_URL is https. Default none. */
  @IsOptional()
  @Matches(HOST_LIST, { message: 'OUTBOUND_ALLOW must be a list such as 127.0.0.1:9000' })
  OUTBOUND_ALLOW?: string;

  /** Maildir into which letters to members are put, relative to the checkout. Default: none is sent. */
  @IsOptional()
  @IsString()
  MAIL_DIR?: string;

  /** Sender of letters. Default `Maru <no-reply@localhost>`. */
  @Matches(/^[^\r\n]{1,200}$/)
  MAIL_FROM: string = 'Maru <no-reply@localhost>';

  /** `error | warn | log | debug`. Default `log`. */
  @IsIn(['error', 'warn', 'log', 'debug'])
  LOG_LEVEL: 'error' | 'warn' | 'log' | 'debug' = 'log';
}

/** The environment is not usable; the message lists every fault, one per line. */
export class InvalidEnvironmentError extends Error {}

/** Reads and validates the environment. Throws InvalidEnvironmentError. */
export function parseEnv(source: NodeJS.ProcessEnv): Env {
  const known = Object.keys(new Env());
  const optional = [
    ...['PUBLIC_URL', 'DATABASE_URL', 'MARU_MASTER_KEY', 'REDIS_URL'],
    ...['INFERENCE_DECODERS', 'MARU_REMOTE_RUNTIMES', 'MARU_DEVICE_MEMORY_MB'],
    ...['OUTBOUND_ALLOW', 'KEY_ENCRYPTION_KEYS', 'MAIL_DIR'],
  ];
  const given = [...known, ...optional].filter((name) => source[name] !== undefined && source[name] !== '');
  const env = plainToInstance(Env, Object.fromEntries(given.map((name) => [name, source[name]])), {
    exposeDefaultValues: true,
  });
  const faults = validateSync(env).map((e) => `${e.property}: ${Object.values(e.constraints ?? {}).join(', ')}`);
  if (faults.length > 0) throw new InvalidEnvironmentError(faults.join('\n'));
  return env;
}
