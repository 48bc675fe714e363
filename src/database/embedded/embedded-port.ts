import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/**
 * Port for the embedded server of a data directory: the one used last, so that tools stay connected, else a free one.
 * `inUse` is the port of the server that already runs there, if any.
 */
export async function embeddedPort(dataDir: string, inUse: number | null): Promise<number> {
  const file = path.join(dataDir, 'postgres.port');
  const last = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0;
  const port = inUse ?? (last > 0 && (await isFree(last)) ? last : await freePort());
  if (port !== last) fs.writeFileSync(file, `${port}\n`);
  return port;
}

/** A port of 127.0.0.1 that nobody listens on now. */
export function freePort(): Promise<number> {
  return listen(0);
}

async function isFree(port: number): Promise<boolean> {
  return listen(port).then(
    () => true,
    () => false,
  );
}

function listen(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: bound } = server.address() as net.AddressInfo;
      server.close(() => resolve(bound));
    });
  });
}
