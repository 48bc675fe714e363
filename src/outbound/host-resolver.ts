import dns from 'node:dns/promises';
import { Injectable } from '@nestjs/common';

/** An address that a name resolved to. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Finds the addresses of a host name. */
export abstract class HostResolver {
  /** All of them; rejects when there is none. */
  abstract resolve(hostname: string): Promise<ResolvedAddress[]>;
}

/** The machine's own resolver, with its hosts file. */
@Injectable()
export class SystemResolver extends HostResolver {
  async resolve(hostname: string): Promise<ResolvedAddress[]> {
    const found = await dns.lookup(hostname, { all: true, order: 'ipv4first' });
    return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
  }
}
