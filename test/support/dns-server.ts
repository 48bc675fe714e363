import dgram from 'node:dgram';
import { once } from 'node:events';
import { Resolver } from 'node:dns/promises';
import type { AddressInfo } from 'node:net';
import ipaddr from 'ipaddr.js';
import { HostResolver, type ResolvedAddress } from '../../src/outbound/host-resolver.js';

const TYPE_A = 1;
const TYPE_AAAA = 28;

/** A DNS server that answers what a test tells it to, with a time to live of 0. */
export class DnsServer {
  /** Questions by name, A and AAAA together. */
  readonly asked = new Map<string, number>();
  private readonly answers = new Map<string, readonly (readonly string[])[]>();
  private readonly socket = dgram.createSocket('udp4');

  /** What a name resolves to at its first look-up, its second, ...; the last stays. */
  set(name: string, ...answers: readonly (readonly string[])[]): void {
    this.answers.set(name, answers);
    this.asked.delete(name);
  }

  async start(): Promise<this> {
    this.socket.on('message', (query, peer) => this.socket.send(this.answer(query), peer.port, peer.address));
    this.socket.bind(0, '127.0.0.1');
    await once(this.socket, 'listening');
    return this;
  }

  stop(): void {
    this.socket.close();
  }

  /** A resolver that asks this server and nobody else. */
  resolver(): HostResolver {
    const resolver = new Resolver({ timeout: 1_000, tries: 1 });
    resolver.setServers([`127.0.0.1:${(this.socket.address() as AddressInfo).port}`]);
    return new ServerResolver(resolver);
  }

  private answer(query: Buffer): Buffer {
    const { name, end, type } = question(query);
    const times = this.asked.get(`${name} ${type}`) ?? 0;
    this.asked.set(`${name} ${type}`, times + 1);
    const rounds = this.answers.get(name) ?? [];
    const addresses = rounds[Math.min(times, rounds.length - 1)] ?? [];
    const family = type === TYPE_A ? 'ipv4' : 'ipv6';
    const records = addresses.map((text) => ipaddr.parse(text)).filter((address) => address.kind() === family);
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(rounds.length > 0 ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(records.length, 6);
    header.writeUInt16BE(0, 8);
    header.writeUInt16BE(0, 10);
    return Buffer.concat([
      header,
      query.subarray(12, end),
      ...records.map((address) => record(type, address.toByteArray())),
    ]);
  }
}

class ServerResolver extends HostResolver {
  constructor(private readonly resolver: Resolver) {
    super();
  }

  async resolve(hostname: string): Promise<ResolvedAddress[]> {
    const [v4, v6] = await Promise.all([
      this.resolver.resolve4(hostname).catch(() => []),
      this.resolver.resolve6(hostname).catch(() => []),
    ]);
    return [
      ...v4.map((address) => ({ address, family: 4 as const })),
      ...v6.map((address) => ({ address, family: 6 as const })),
    ];
  }
}

function question(query: Buffer): { name: string; end: number; type: number } {
  const labels: string[] = [];
  let at = 12;
  for (let size = query[at]!; size > 0; size = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + size));
    at += size + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5, type: query.readUInt16BE(at + 1) };
}

function record(type: number, address: readonly number[]): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // the name of the question
  head.writeUInt16BE(type === TYPE_A ? TYPE_A : TYPE_AAAA, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(0, 6);
  head.writeUInt16BE(address.length, 10);
  return Buffer.concat([head, Buffer.from(address)]);
}
