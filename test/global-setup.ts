import { createServer } from 'node:http';
import type { TestProject } from 'vitest/node';
import { type RunningServer, startPostgres } from './servers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the runner tells the URL of the run's one Postgres server. */
    sharedPostgres: string;
  }
}

/**
 * One Postgres server for the whole run, started when the first test asks for it, so that runs
 * without it do not pay for it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<RunningServer> | undefined;
  const door = createServer((_, response) => {
    started ??= startPostgres();
    started.then(
      (server) => response.end(server.url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const address = door.address();
  if (address === null || typeof address === 'string') throw new Error('The door has no port');
  project.provide('sharedPostgres', `http://127.0.0.1:${address.port}/`);
  return async () => {
    door.closeAllConnections();
    door.close();
    await (await started)?.stop();
  };
}
