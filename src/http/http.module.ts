import { Global, Module } from '@nestjs/common';
import { PageTokens } from './page-tokens.js';
import { ProblemsController } from './problems.controller.js';

/** What all controllers share: page tokens and the pages that explain problems. */
@Global()
@Module({ controllers: [ProblemsController], providers: [PageTokens], exports: [PageTokens] })
export class HttpLayerModule {}
