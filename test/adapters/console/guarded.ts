import { type Console, createConsole } from '#adapters/console/index.ts';
import { createMemoryStore } from '#adapters/memory/store.ts';
import { Settings } from '#core/settings/settings.ts';
import type { Store } from '#ports/store.ts';
import { type Issuer, startIssuer } from './issuer.ts';
import { createStory } from './town/story.ts';
import { createTown, createTownClock, crypto, quiet, random } from './town/town.ts';
import { createTownGateway } from './town/town-gateway.ts';
import { createTownReader } from './town/town-reader.ts';
import { townSettings } from './town/town-settings.ts';

const clientSecret = 'the secret of the client at its issuer';

/** A console that is no demo: people sign in at an issuer. */
export interface Guarded {
  readonly web: Console;
  readonly issuer: Issuer;
  readonly store: Store;
  /** Another process over the same store. */
  twin(): Promise<Console>;
  close(): Promise<void>;
}

/** Opens it; `grace` is in the group of the approvers. */
export async function openGuarded(): Promise<Guarded> {
  const port = await freePort();
  const issuer = await startIssuer(`http://127.0.0.1:${port}/auth/callback`, clientSecret);
  issuer.groups.set('grace', ['release-approvers', 'staff']);
  const clock = { now: () => Date.now() };
  const { store } = createMemoryStore({ clock });
  const town = createTown(createTownClock(Date.now()));
  const settings = settingsFor(issuer.url);
  const setup = {
    settings: () => settings,
    ...{ store, clock, crypto, random, log: quiet },
    probes: { ready: async () => ({ ready: true, checks: {} }), metricsText: async () => '' },
    demo: false,
    oidcSecret: clientSecret,
    stateDirectory: null,
    apiTokens: [],
  } as const;

  async function open(at: number): Promise<Console> {
    const opened = createConsole({ ...setup, port: at });
    await opened.start(createTownGateway(town, createStory(town)), createTownReader(town));
    return opened;
  }

  const web = await open(port);
  return {
    ...{ web, issuer, store },
    twin: () => open(0),
    async close() {
      await web.close();
      await issuer.close();
    },
  };
}

function settingsFor(issuer: string): Settings {
  return Settings.parse({
    ...townSettings,
    platforms: {
      console: {
        options: {
          oidc: { issuer, clientId: 'signalbox' },
          channels: {
            releases: { open: true },
            approvers: { groups: ['release-approvers'] },
          },
        },
      },
    },
  });
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
