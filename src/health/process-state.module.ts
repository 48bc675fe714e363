import { Global, Module } from '@nestjs/common';
import { DrainState } from './drain-state.js';
import { MetricsRegistry } from './metrics-registry.js';

/** Metrics and drain state of any process, without HTTP; every room may inject them. */
@Global()
@Module({ providers: [DrainState, MetricsRegistry], exports: [DrainState, MetricsRegistry] })
export class ProcessStateModule {}
