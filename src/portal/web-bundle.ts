import fs from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { StorageConfig } from '../config/config.js';

export type WebPage = 'portal' | 'console';

/** The built web files: two HTML templates, and everything under `/assets/`, named by content. */
@Injectable()
export class WebBundle implements OnModuleInit {
  private readonly logger = new Logger(WebBundle.name);
  private readonly pages = new Map<WebPage, { readonly html: string; readonly builtAtMs: number }>();

  constructor(
    private readonly storage: StorageConfig,
    private readonly adapter: HttpAdapterHost,
  ) {}

  /** Serves `/assets/` from disk; names change with content, so browsers keep them for a year. */
  async onModuleInit(): Promise<void> {
    const root = path.join(this.storage.webDir, 'assets');
    if (!fs.existsSync(root)) {
      this.logger.warn('web files are not built: the portal answers 503 until "npm run build" has run');
      return;
    }
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    await fastify.register(fastifyStatic, {
      root,
      prefix: '/assets/',
      decorateReply: false,
      index: false,
      dotfiles: 'deny',
      preCompressed: true,
      immutable: true,
      maxAge: '365d',
      setHeaders: (response) => void response.header('X-Content-Type-Options', 'nosniff'),
    });
  }

  /** The HTML template of a page as it lies on disk, also after a new build; null before the first one. */
  template(page: WebPage): string | null {
    const file = path.join(this.storage.webDir, `${page}.html`);
    const builtAtMs = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (builtAtMs === undefined) return null;
    const known = this.pages.get(page);
    if (known?.builtAtMs === builtAtMs) return known.html;
    const html = fs.readFileSync(file, 'utf8');
    this.pages.set(page, { html, builtAtMs });
    return html;
  }
}
