import type { CommandDescriptor } from '#core/command.ts';
import type { Refusal } from '#core/refusal.ts';
import type { Reply } from '#ports/gateway.ts';
import type { Reader } from '#ports/reader.ts';
import { CliTrouble, type Server, Unreachable } from './server.ts';
import { trusted } from './trust-boundary.ts';

export type Board = Awaited<ReturnType<Reader['board']>>;
export type Release = NonNullable<Awaited<ReturnType<Reader['rollout']>>>;
export interface Suggested {
  readonly value: string;
  readonly label: string;
}

/** What a running server answers. */
export interface Client {
  command(text: string): Promise<Reply>;
  board(): Promise<Board>;
  release(id: string): Promise<Release>;
  commands(): Promise<{ readonly commands: readonly CommandDescriptor[]; readonly now: number }>;
  complete(question: unknown): Promise<readonly Suggested[]>;
  /** Calls for each event of the stream until it ends. */
  stream(signal: AbortSignal, heard: (event: string, data: unknown) => void): Promise<void>;
}

/** Speaks to a server as the bearer of a token. @throws CliTrouble when it cannot be reached or says no */
export function createClient(server: Server, id: () => string): Client {
  async function ask<T>(path: string, body?: unknown): Promise<T> {
    const response = await reach(path, body);
    const answer: unknown = await response.json();
    if (response.ok) return trusted<T>(answer);
    const { refusal } = trusted<{ readonly refusal: Refusal }>(answer);
    throw new CliTrouble(`${refusal.message} ${refusal.next} (${refusal.code})`);
  }

  async function reach(path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    try {
      return await fetch(`${server.url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${server.token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (cause) {
      throw new Unreachable(`Signalbox cannot be reached at ${server.url}.`, { cause });
    }
  }

  return {
    command: (text) => ask('/api/commands', { id: id(), text }),
    board: () => ask('/api/board'),
    release: (rollout) => ask(`/api/rollouts/${encodeURIComponent(rollout)}`),
    commands: () => ask('/api/session'),
    complete: (question) => ask('/api/complete', question),
    async stream(signal, heard) {
      const response = await reach('/api/stream', undefined, signal);
      if (!response.ok || response.body === null) throw new CliTrouble('The stream was refused.');
      let rest = '';
      for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
        const frames = `${rest}${part}`.split('\n\n');
        rest = frames.pop() ?? '';
        for (const frame of frames) {
          const event = /^event: (.*)$/m.exec(frame)?.[1];
          const data = /^data: (.*)$/m.exec(frame)?.[1];
          if (event !== undefined && data !== undefined) heard(event, JSON.parse(data));
        }
      }
    },
  };
}
