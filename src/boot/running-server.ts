import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { readInvocation } from '#adapters/cli/invocation.ts';
import { createNodeIo } from '#adapters/cli/node-io.ts';
import { CliTrouble, findServer, type Server } from '#adapters/cli/server.ts';
import { rawEnvironment } from '#config.ts';
import { Fault } from '#core/fault.ts';
import type { EventProof } from '#ports/reader.ts';

/** The Signalbox that runs here, where the embedded database is open in that process alone. */
export interface RunningServer {
  /** The whole history, line by line. @throws Fault `store.unavailable` */
  history(): Promise<AsyncIterable<string>>;
  /** The proof of one event as JSON; null when nothing covers it yet. @throws Fault `store.unavailable` */
  proof(seq: number): Promise<string | null>;
}

/** Null when nobody said where it is and who asks. */
export async function runningServer(): Promise<RunningServer | null> {
  const server = await namedServer();
  if (server === null) return null;
  return {
    async history() {
      const { body } = await ask(server, '/api/audit/export');
      return createInterface({ input: Readable.from(body ?? []) });
    },
    async proof(seq) {
      const response = await ask(server, `/api/audit/proof/${seq}`, 404);
      if (response.status === 404) return null;
      // What it thinks of the proof itself is for its pages.
      const { proof }: EventProof = JSON.parse(await response.text());
      return `${JSON.stringify(proof, null, 2)}\n`;
    },
  };
}

async function namedServer(): Promise<Server | null> {
  try {
    return await findServer(rawEnvironment(), readInvocation([]), createNodeIo(true));
  } catch (error) {
    if (error instanceof CliTrouble) return null;
    throw error;
  }
}

async function ask({ url, token }: Server, path: string, expected = 200): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}${path}`, { headers }).catch((cause: unknown) => {
    const message = `Signalbox cannot be reached at ${url}`;
    throw new Fault('store.unavailable', message, { retryable: true, cause });
  });
  if (response.ok || response.status === expected) return response;
  const message = `${url} answered ${response.status} when it was asked for the history`;
  throw new Fault('store.unavailable', message, { retryable: true });
}
