import { z } from 'zod';
import { PLAIN_TEXT } from '../../common/plain-text.js';

/** Texts a tenant may replace, with the largest length of each. Everything else stays ours. */
export const COPY_LIMITS = { 'login.title': 80, 'login.note': 300, 'home.welcome': 120, 'new.title': 80 } as const;
export type CopyKey = keyof typeof COPY_LIMITS;

/** Largest document, as JSON text. */
export const MAX_BRAND_BYTES = 65_536;

// Texts are shown as they are: nothing is interpolated into them, so a placeholder would be shown as such.
const NO_PLACEHOLDER = /^(?!.*(\{\{|\$t\()).*$/su;

const text = (max: number) =>
  z.string().trim().min(1).max(max).regex(PLAIN_TEXT, 'plain text only').regex(NO_PLACEHOLDER, 'no placeholders');
const localized = (max: number) => z.strictObject({ ko: text(max), en: text(max) }).partial();
const slug = z.string().regex(/^[a-z][a-z0-9-]{1,39}$/);
const https = z.url({ protocol: /^https$/ }).max(2048);
const locale = z.enum(['ko', 'en']);

const identity = z.strictObject({
  name: text(64),
  /** Stands in the mark when there is no logo; one or two characters of it are shown. */
  shortName: text(16),
  legalName: text(120).optional(),
  supportEmail: z.email().max(254).optional(),
  supportUrl: https.optional(),
  termsUrl: https.optional(),
  privacyUrl: https.optional(),
  poweredBy: z.boolean().default(true),
});

const theme = z.strictObject({
  /** The only required color, `#rrggbb`; all others are derived from it. */
  primary: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/)
    .refine((hex) => hex.length === 7)
    .transform((hex) => hex.toLowerCase() as `#${string}`),
  neutral: z.enum(['none', 'cool', 'warm', 'brand']).default('cool'),
  radius: z.enum(['none', 'sm', 'md', 'lg', 'full']).default('md'),
  density: z.enum(['compact', 'comfortable']).default('comfortable'),
  font: z.enum(['system', 'pretendard', 'noto_sans_kr', 'ibm_plex_sans_kr', 'inter']).default('system'),
  mode: z.enum(['light', 'dark', 'auto']).default('auto'),
});

const layout = z.strictObject({
  nav: z.enum(['top', 'side']).default('top'),
  login: z.enum(['center', 'split_left', 'split_right']).default('center'),
  home: z.enum(['new', 'history', 'dashboard']).default('dashboard'),
});

const locales = z
  .strictObject({
    enabled: z.array(locale).min(1).max(2).default(['ko', 'en']),
    default: locale.default('ko'),
    timeZone: z
      .string()
      .max(64)
      .regex(/^[A-Za-z]+(\/[A-Za-z0-9_+-]+){0,2}$/)
      .default('Asia/Seoul'),
  })
  .refine((l) => l.enabled.includes(l.default), { message: 'the default locale must be enabled', path: ['default'] })
  .refine((l) => new Set(l.enabled).size === l.enabled.length, { message: 'each locale once', path: ['enabled'] });

const copyOf = Object.fromEntries(Object.entries(COPY_LIMITS).map(([key, max]) => [key, text(max).optional()])) as {
  [K in CopyKey]: z.ZodOptional<z.ZodString>;
};

const analyzer = z.strictObject({
  slug,
  label: localized(40).optional(),
  help: localized(400).optional(),
  stages: z
    .strictObject({ prepare: localized(40), batch: localized(40), infer: localized(40), interpret: localized(40) })
    .partial()
    .optional(),
  classes: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9_-]{1,40}$/),
        label: localized(40),
        severity: z.enum(['minor', 'major', 'critical']).optional(),
      }),
    )
    .max(100)
    .optional(),
});

/**
 * How one tenant looks and speaks, version 1. Strict: unknown keys are refused, colors are six hex digits, everything
 * else is a closed list or plain text, so that nothing a tenant writes can become CSS, HTML or a request elsewhere.
 */
export const tenantBrandSchema = z.strictObject({
  schema: z.literal(1),
  identity,
  theme,
  layout: layout.prefault({}),
  locales: locales.prefault({}),
  copy: z.strictObject({ ko: z.strictObject(copyOf).default({}), en: z.strictObject(copyOf).default({}) }).prefault({}),
  analyzers: z
    .array(analyzer)
    .max(50)
    .default([])
    .refine((list) => new Set(list.map((a) => a.slug)).size === list.length, 'each analyzer once'),
});

/** A valid document, defaults filled in. */
export type TenantBrand = z.output<typeof tenantBrandSchema>;
export type BrandAnalyzer = TenantBrand['analyzers'][number];
export type BrandTheme = TenantBrand['theme'];

/** One fault of a document. */
export interface BrandFault {
  /** JSON pointer into the document. */
  readonly pointer: string;
  readonly message: string;
}

/** Thrown for a document that breaks a rule; one line per fault, `pointer: message`. */
export class InvalidBrandError extends Error {
  override readonly name = 'InvalidBrandError';
  readonly faults: readonly BrandFault[];

  constructor(faults: readonly BrandFault[]) {
    super(`The branding document is not valid: ${faults.map((f) => `${f.pointer} ${f.message}`).join('; ')}`);
    this.faults = faults;
  }
}

/** Checks a document and fills the defaults in. Throws InvalidBrandError. */
export function parseTenantBrand(doc: unknown): TenantBrand {
  if (new TextEncoder().encode(JSON.stringify(doc ?? null)).length > MAX_BRAND_BYTES) {
    throw new InvalidBrandError([{ pointer: '/', message: `is larger than ${MAX_BRAND_BYTES} bytes` }]);
  }
  const parsed = tenantBrandSchema.safeParse(doc);
  if (parsed.success) return parsed.data;
  throw new InvalidBrandError(
    parsed.error.issues.map((i) => ({ pointer: `/${i.path.map(String).join('/')}`, message: i.message })),
  );
}
