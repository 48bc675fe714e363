import { Module } from '@nestjs/common';
import { HostResolver, SystemResolver } from './host-resolver.js';
import { OutboundClient } from './outbound-client.js';

/** Requests to the outside. */
@Module({
  providers: [OutboundClient, { provide: HostResolver, useClass: SystemResolver }],
  exports: [OutboundClient],
})
export class OutboundModule {}
