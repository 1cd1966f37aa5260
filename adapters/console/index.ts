import type { FastifyInstance } from 'fastify';
import type { Settings } from '#core/settings/settings.ts';
import type { ChatPlatform } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import type { Crypto } from '#ports/crypto.ts';
import type { Directory } from '#ports/directory.ts';
import type { Gateway } from '#ports/gateway.ts';
import type { HttpHost } from '#ports/http-host.ts';
import type { Log } from '#ports/log.ts';
import type { Random } from '#ports/random.ts';
import type { Reader } from '#ports/reader.ts';
import type { Store } from '#ports/store.ts';
import { createConsoleDirectory } from './directory.ts';
import { createRawRoutes } from './http-host.ts';
import { createHub } from './hub.ts';
import { isLoopback, listen } from './listen.ts';
import { createConsolePlatform } from './platform.ts';
import { createRoster } from './roster.ts';
import type { Probes } from './server.ts';
import { createSessions } from './sessions.ts';
import { type ApiToken, writePersonaTokens } from './tokens.ts';
import { createViewers } from './viewer.ts';

export type { Readiness } from './server.ts';
export { type ApiToken, makeToken, parseTokens } from './tokens.ts';

export interface ConsoleSetup {
  readonly settings: () => Settings;
  readonly store: Store;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly random: Random;
  readonly log: Log;
  readonly probes: Probes;
  /** People choose who they are. Refuses to start anywhere but on loopback. */
  readonly demo: boolean;
  /** Address to bind; `127.0.0.1` unless told. */
  readonly host?: string;
  /** 7777 unless told; when told it must be free, otherwise the next free one is taken. */
  readonly port?: number;
  /** The client's secret at the OIDC issuer; null for a public client. */
  readonly oidcSecret?: string | null;
  /** Where a demo leaves its address and tokens for the CLI: `.signalbox`. Null: nowhere. */
  readonly stateDirectory: string | null;
  /** Tokens of API clients. */
  readonly apiTokens: readonly ApiToken[];
}

/** The console: a chat platform, its directory, and the HTTP server of the process. */
export interface Console {
  readonly platform: ChatPlatform;
  readonly directory: Directory;
  /** For adapters that are called by webhooks. Before `start`. */
  readonly http: HttpHost;
  start(gateway: Gateway, reader: Reader): Promise<void>;
  /** Where the page is, once started. */
  url(): string;
  /** Something was written to the console's messages or the ledger by this process: look now. */
  poke(): void;
  close(): Promise<void>;
}

/** Creates the console. It listens only after `start`. */
export function createConsole(setup: ConsoleSetup): Console {
  const { settings, store, clock, crypto, random, log } = setup;
  const host = setup.host ?? '127.0.0.1';
  if (setup.demo && !isLoopback(host)) {
    throw new Error('Personas are served on loopback only: configure OIDC to bind elsewhere');
  }
  const roster = createRoster(settings);
  const hub = createHub(store, log);
  const raw = createRawRoutes();
  const sessions = createSessions(crypto, random);
  let app: FastifyInstance | null = null;
  let address = '';
  let personaTokens: readonly ApiToken[] = [];

  function origins(): readonly string[] {
    const { port } = new URL(address === '' ? 'http://127.0.0.1' : address);
    const local = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `http://${name}:${port}`);
    const { publicUrl } = roster();
    return publicUrl === null || setup.demo ? local : [new URL(publicUrl).origin, ...local];
  }

  const viewers = createViewers({
    roster,
    sessions,
    clock,
    crypto,
    tokens: () => [...setup.apiTokens, ...personaTokens],
    origins,
  });

  return {
    platform: createConsolePlatform({ roster, store, poke: hub.poke }),
    directory: createConsoleDirectory({ roster, store, clock }),
    http: raw.host,
    async start(gateway, reader) {
      // A process that only works needs no server.
      const { buildServer } = await import('./server.ts');
      const secureCookies = !setup.demo && (roster().publicUrl ?? '').startsWith('https:');
      app = await buildServer(
        {
          ...{ roster, store, clock, crypto, random, log, hub, sessions, viewers, gateway, reader },
          demo: setup.demo,
          oidcSecret: setup.oidcSecret ?? null,
          secureCookies,
        },
        setup.probes,
        raw,
        () => origins().map((origin) => new URL(origin).host),
      );
      address = await listen(app, host, setup.port ?? null);
      if (!setup.demo) return;
      // Whoever starts a demo is about to look at it.
      const { loadAssets } = await import('./assets.ts');
      loadAssets().catch((error) => log.error('The page could not be built', { error }));
      if (setup.stateDirectory === null) return;
      const users = roster().people.map(({ user }) => user);
      personaTokens = await writePersonaTokens(
        setup.stateDirectory,
        address,
        users,
        random,
        crypto,
      );
    },
    url: () => address,
    poke: hub.poke,
    async close() {
      hub.stop();
      await app?.close();
    },
  };
}
