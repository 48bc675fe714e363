import net from 'node:net';

/** How long the server's half of a half-open link lives: what a tuned TCP keepalive takes to notice. */
const KEEPALIVE_MS = 30_000;

/** One connection through the proxy: two sockets, each direction an ordered queue of chunks with a due time. */
export class ProxyLink {
  /** Login role of the startup message; empty until it came. */
  role = '';
  #server = null;
  #swallowing = false;
  #holding = false;
  #waiting = { toServer: [], toClient: [] };
  #closed = () => undefined;

  constructor(client, proxy) {
    this.client = client;
    this.proxy = proxy;
    client.setNoDelay(true);
    client.on('error', () => undefined);
    client.on('data', (chunk) => this.#fromClient(chunk));
    client.on('close', () => this.#clientGone());
  }

  /** Called once both ends are gone. */
  whenClosed(callback) {
    this.#closed = callback;
  }

  /** From now on both ends stay connected and nothing passes. */
  swallow() {
    this.#swallowing = true;
    this.#waiting = { toServer: [], toClient: [] };
  }

  hold() {
    this.#holding = true;
  }

  release() {
    this.#holding = false;
    this.#pump('toServer');
    this.#pump('toClient');
  }

  reset() {
    this.client.resetAndDestroy();
    this.#server?.resetAndDestroy();
  }

  #fromClient(chunk) {
    if (!this.role) this.#open(chunk);
    this.#pass('toServer', chunk);
  }

  /** The startup message: length, protocol version, then names and values that end in NUL. */
  #open(startup) {
    const fields = startup.toString('latin1', 8).split('\0');
    this.role = fields[fields.indexOf('user') + 1] || 'unknown';
    if (this.proxy.swallows(this.role)) return this.swallow();
    this.#server = net.connect(this.proxy.targetPort, '127.0.0.1').setNoDelay(true);
    this.#server.on('error', () => undefined);
    this.#server.on('data', (data) => this.#pass('toClient', data));
    this.#server.on('close', () => this.#serverGone());
  }

  #pass(direction, chunk) {
    if (this.#swallowing) return;
    this.#waiting[direction].push({ chunk, dueMs: performance.now() + this.proxy.latencyMs });
    this.#pump(direction);
  }

  #pump(direction) {
    const queue = this.#waiting[direction];
    const to = direction === 'toServer' ? this.#server : this.client;
    while (queue.length > 0 && !this.#holding) {
      const leftMs = queue[0].dueMs - performance.now();
      if (leftMs > 0) return void setTimeout(() => this.#pump(direction), leftMs);
      const { chunk } = queue.shift();
      if (to?.writable) to.write(chunk);
    }
  }

  #clientGone() {
    if (!this.#server || this.#server.destroyed) return this.#closed();
    if (this.#swallowing) setTimeout(() => this.#server.destroy(), KEEPALIVE_MS).unref();
    else this.#server.destroy();
  }

  /** A half-open client is not told. */
  #serverGone() {
    if (this.client.destroyed) this.#closed();
    else if (!this.#swallowing) this.client.destroy();
  }
}
