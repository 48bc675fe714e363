import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { ServerConfig } from '../config/config.js';
import type { PublicTenant } from '../tenants/tenant.js';
import { brandedHtml, consolePageBrand, type PageBrand, tenantPageBrand } from './app-html.js';
import { sendPage } from './page-headers.js';
import {
  LANDING_PAGE,
  NOT_BUILT_PAGE,
  NOT_FOUND_PAGE,
  plainHtml,
  type PlainPage,
  SUSPENDED_PAGE,
} from './plain-page.js';
import { VisitorRealm } from './visitor-realm.js';
import { type WebPage, WebBundle } from './web-bundle.js';

/** HTML pages: the portal of the tenant that the host or path names, the console, and neutral pages for the rest. */
@Controller()
@ApiExcludeController()
@Authenticated({ scope: 'public' })
export class PagesController {
  private readonly isSecure: boolean;

  constructor(
    private readonly realm: VisitorRealm,
    private readonly bundle: WebBundle,
    server: ServerConfig,
  ) {
    this.isSecure = server.publicUrl.startsWith('https:');
  }

  @Get()
  async home(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const realm = await this.realm.of(request.headers.host);
    if (realm.kind === 'platform') return this.plain(reply, 200, LANDING_PAGE);
    this.portal(reply, realm.kind === 'tenant' ? realm.tenant : null, '');
  }

  @Get(['login', 'invitation', 'new-password', 'new', 'new/*', 'jobs', 'jobs/*', 'settings/*'])
  async tenantHost(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const realm = await this.realm.of(request.headers.host);
    this.portal(reply, realm.kind === 'tenant' ? realm.tenant : null, '');
  }

  @Get(['t/:slug', 't/:slug/*'])
  async tenantPath(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('slug') slug: string,
  ): Promise<void> {
    this.portal(reply, await this.realm.atPath(request.headers.host, slug), `/t/${slug}`);
  }

  @Get(['console', 'console/*'])
  async console(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const realm = await this.realm.of(request.headers.host);
    if (realm.kind !== 'platform') return this.plain(reply, 404, NOT_FOUND_PAGE);
    this.app(reply, 'console', consolePageBrand());
  }

  private portal(reply: FastifyReply, tenant: PublicTenant | null, base: string): void {
    if (!tenant) return this.plain(reply, 404, NOT_FOUND_PAGE);
    if (tenant.status === 'suspended') return this.plain(reply, 403, SUSPENDED_PAGE);
    this.app(reply, 'portal', tenantPageBrand(tenant, base));
  }

  private app(reply: FastifyReply, page: WebPage, brand: PageBrand): void {
    const template = this.bundle.template(page);
    if (!template) return this.plain(reply, 503, NOT_BUILT_PAGE);
    sendPage(reply, 200, brandedHtml(template, brand), this.isSecure);
  }

  private plain(reply: FastifyReply, status: number, page: PlainPage): void {
    sendPage(reply, status, plainHtml(page), this.isSecure);
  }
}
