import { Global, Module } from '@nestjs/common';
import { PageTokens } from './page-tokens.js';
import { ProblemsController } from './problems.controller.js';
import { ProcessPressure } from './process-pressure.js';
import { NodeProcessProbe, ProcessProbe } from './process-probe.js';

/** What all controllers share: page tokens, the pages that explain problems, and the pressure on this process. */
@Global()
@Module({
  controllers: [ProblemsController],
  providers: [PageTokens, ProcessPressure, { provide: ProcessProbe, useClass: NodeProcessProbe }],
  exports: [PageTokens, ProcessPressure],
})
export class HttpLayerModule {}
