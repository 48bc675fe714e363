import net from 'node:net';
import { ProxyLink } from './proxy-link.mjs';

/**
 * A TCP proxy before PostgreSQL that can break what passes through it. Links are told apart by the login role in their
 * first message, so that the api and the worker of one product can be cut off one by one.
 */
export class DatabaseProxy {
  links = new Set();
  /** Roles whose new links vanish into a black hole as well; null: none. */
  #swallowed = null;
  /** Delay of every chunk in each direction, ms. */
  latencyMs = 0;

  constructor(targetPort) {
    this.targetPort = targetPort;
    this.server = net.createServer((socket) => {
      const link = new ProxyLink(socket, this);
      this.links.add(link);
      link.whenClosed(() => this.links.delete(link));
    });
  }

  /** Resolves with the port that it listens on. */
  listen() {
    return new Promise((resolve) =>
      this.server.listen(0, '127.0.0.1', () => resolve((this.port = this.server.address().port))),
    );
  }

  /** True while new links of this role are swallowed. */
  swallows(role) {
    return this.#swallowed?.test(role) ?? false;
  }

  /** Half-open: the links of these roles stay open for ever and carry nothing, and so do new ones until `heal`. */
  blackHole(roles) {
    this.#swallowed = roles;
    for (const link of this.#of(roles)) link.swallow();
  }

  /** Holds everything back until `heal`, as a network does that loses packets for a while. */
  freeze(roles) {
    for (const link of this.#of(roles)) link.hold();
  }

  /** New links work again and held ones go on. Those that fell into the black hole stay half-open. */
  heal() {
    this.#swallowed = null;
    for (const link of this.links) link.release();
  }

  /** Ends the links of these roles with a reset on both sides. */
  reset(roles) {
    for (const link of this.#of(roles)) link.reset();
  }

  close() {
    this.server.close();
    for (const link of this.links) link.reset();
  }

  #of(roles) {
    return [...this.links].filter((link) => roles.test(link.role));
  }
}
