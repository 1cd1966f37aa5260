import type { FastifyInstance } from 'fastify';

const firstPort = 7777;
const triedPorts = 20;

/** Whether an address can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === '127.0.0.1' || host === '::1' || host === 'localhost';
}

/**
 * Binds the server and returns its address. Without a wanted port it takes the first free one from
 * 7777 on. @throws Error when the wanted port, or all of those, are taken
 */
export async function listen(
  app: FastifyInstance,
  host: string,
  wanted: number | null,
): Promise<string> {
  if (wanted !== null) return app.listen({ host, port: wanted });
  for (let port = firstPort; port < firstPort + triedPorts; port += 1) {
    try {
      return await app.listen({ host, port });
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!taken) throw error;
    }
  }
  throw new Error(`The ports ${firstPort} to ${firstPort + triedPorts - 1} are all taken`);
}
