import http from 'node:http';

/** An HTTP client of one running Maru: calls over kept connections, event streams over others. */
export class Client {
  #agent;
  #streams = new Set();

  #streamAgent;

  /**
   * @param maxSockets kept connections at most
   * @param keepStreams a stream that ended leaves its connection to the next; default: each opens its own
   */
  constructor(origin, { maxSockets = 64, keepStreams = false } = {}) {
    this.origin = origin;
    this.#streamAgent = keepStreams ? new http.Agent({ keepAlive: true }) : false;
    this.#agent = new http.Agent({ keepAlive: true, maxSockets });
  }

  /** One call; resolves with `{ status, text }`. `body` is text or bytes. */
  call(tenant, method, url, body, headers = {}) {
    return new Promise((resolve, reject) => {
      const request = http.request(new URL(url, this.origin), {
        agent: this.#agent,
        method,
        timeout: 30_000,
        headers: { ...this.#credential(tenant), ...headers },
      });
      request.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode, text }));
        response.on('error', reject);
      });
      request.on('timeout', () => request.destroy(new Error('no answer for 30 s')));
      request.on('error', reject);
      request.end(body);
    });
  }

  /**
   * Reads a stream until the server ends it or `close` is called; resolves with the id of its last event.
   * @param onEvent takes the name of each event
   */
  follow(tenant, url, onEvent, headers = {}) {
    return new Promise((resolve, reject) => {
      const own = { ...this.#credential(tenant), accept: 'text/event-stream', ...headers };
      const request = http.get(new URL(url, this.origin), { agent: this.#streamAgent, headers: own }, (response) => {
        if (response.statusCode !== 200) {
          response.resume();
          if (response.statusCode === 204) resolve(null);
          else reject(new Error(`a stream was answered ${response.statusCode}`));
          return;
        }
        let [rest, lastId] = ['', null];
        response.setEncoding('utf8').on('data', (chunk) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop();
          for (const line of lines) {
            if (line.startsWith('id: ')) lastId = line.slice(4);
            if (line.startsWith('event: ')) onEvent(line.slice(7));
          }
        });
        response.on('error', () => undefined).on('close', () => resolve(lastId));
      });
      this.#streams.add(request);
      request.on('close', () => this.#streams.delete(request)).on('error', reject);
    });
  }

  /** Ends every connection. */
  close() {
    for (const stream of this.#streams) stream.destroy();
    this.#agent.destroy();
    if (this.#streamAgent) this.#streamAgent.destroy();
  }

  #credential({ apiKey }) {
    return { authorization: `Bearer ${apiKey}` };
  }
}
