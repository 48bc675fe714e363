import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { NotFoundError } from '../common/domain-error.js';
import { uuidOf } from '../common/ids.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import { brandIcon } from './brand/brand-icon.js';
import type { TenantBrand } from './brand/tenant-brand.js';
import { PLAIN_CSS } from './plain-page.js';
import { PLATFORM_BRAND } from './platform-brand.js';

const NAME = /^(platform|ten_[0-9a-z]{26})\.([0-9a-f]{12})\.(css|svg)$/;
const FOREVER = 'public, max-age=31536000, immutable';
const TYPES = { css: 'text/css; charset=utf-8', svg: 'image/svg+xml; charset=utf-8' } as const;
/** An icon is only ever an image; opened on its own it may do nothing. */
const ICON_POLICY = "default-src 'none'; sandbox";

interface PublishedFiles {
  readonly doc: TenantBrand;
  readonly css: string;
  readonly cssSha256: string;
}

/** Style sheet and icon of each published brand, `/brand/{tenant}.{first 12 digits of the hash}.{css|svg}`. */
@Controller('brand')
@ApiExcludeController()
@Authenticated({ scope: 'public' })
export class BrandFilesController {
  constructor(private readonly directory: TenantDirectory) {}

  @Get('plain.css')
  plain(@Res() reply: FastifyReply): void {
    this.send(reply, 'css', PLAIN_CSS, 'no-cache');
  }

  @Get(':file')
  async file(@Param('file') file: string, @Res() reply: FastifyReply): Promise<void> {
    const [, owner, hash, type] = NAME.exec(file) ?? [];
    if (!owner || !hash || (type !== 'css' && type !== 'svg')) throw new NotFoundError();
    const brand = owner === 'platform' ? PLATFORM_BRAND : await this.published(owner);
    const current = brand.cssSha256.startsWith(hash);
    if (type === 'svg') return this.send(reply, type, brandIcon(brand.doc), 'no-cache');
    // A page from before a publish asks for an old hash: it gets today's looks, but may not keep them under that name.
    this.send(reply, type, brand.css, current ? FOREVER : 'no-store');
  }

  private async published(owner: string): Promise<PublishedFiles> {
    const id = uuidOf('tenant', owner);
    const brand = id ? (await this.directory.byId(id))?.brand : null;
    if (!brand) throw new NotFoundError();
    return { doc: brand.doc as TenantBrand, css: brand.css, cssSha256: brand.cssSha256 };
  }

  private send(reply: FastifyReply, type: keyof typeof TYPES, body: string, cacheControl: string): void {
    const headers = {
      'Content-Type': TYPES[type],
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': cacheControl,
      ...(type === 'svg' ? { 'Content-Security-Policy': ICON_POLICY } : {}),
    };
    void reply.headers(headers).send(body);
  }
}
