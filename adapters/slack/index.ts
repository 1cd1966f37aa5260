import type { Receiver } from '@slack/bolt';
import type { Account } from '#core/people.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { ChartPainter } from '#ports/chart-painter.ts';
import type { ChatPlatform } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import type { Directory } from '#ports/directory.ts';
import type { Gateway } from '#ports/gateway.ts';
import type { HttpHost } from '#ports/http-host.ts';
import type { Log } from '#ports/log.ts';
import type { Reader } from '#ports/reader.ts';
import { createSlackDirectory } from './directory.ts';
import { createExtras } from './extras.ts';
import { createHttpReceiver } from './http-receiver.ts';
import { createInstallations } from './installations.ts';
import { createIntake } from './intake.ts';
import { createApp } from './listeners.ts';
import type { SlackOptions } from './options.ts';
import { createSlackPlatform } from './platform.ts';
import type { Pace } from './reads.ts';
import { missingSecret, type SlackSecrets } from './secrets.ts';
import { createSocketLine } from './socket-line.ts';

export { examine } from './doctor.ts';
export { manifest } from './manifest.ts';
export { SlackOptions } from './options.ts';
export type { SlackSecrets } from './secrets.ts';

export interface SlackSetup {
  readonly options: SlackOptions;
  readonly secrets: SlackSecrets;
  readonly settings: () => Pick<Settings, 'publicUrl' | 'command'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Draws charts for workspaces that have none of their own. */
  readonly painter?: ChartPainter;
  /** The time in which questions wait for their turn; absent: the real one. */
  readonly pace?: Pace;
}

/** What receives: the gateway, and what events of memberships make forgotten. */
export interface SlackDoors {
  readonly gateway: Gateway;
  readonly reader: Reader;
  /** For HTTP; must be given before the server starts. */
  readonly http: HttpHost;
  readonly forget: (account: Account | null) => void;
}

/** Slack: a chat platform and its directory at once, a door for people after `open`. */
export interface Slack {
  readonly platform: ChatPlatform;
  readonly directory: Directory;
  /** Adds the route or opens the connections. Slack being away is no error: it is tried again. */
  open(doors: SlackDoors): Promise<void>;
  close(): Promise<void>;
}

/** @throws Error when a secret that the transport needs is missing: a boot must stop there */
export function createSlack(setup: SlackSetup): Slack {
  const { options, secrets, clock, log } = setup;
  const missing = missingSecret(options.transport, secrets);
  if (missing !== null) throw new Error(`Slack needs ${missing}`);
  const { api } = options;
  const installations = createInstallations({
    tokens: secrets.botTokens,
    api,
    clock,
    log,
    ...(setup.pace === undefined ? {} : { pace: setup.pace }),
  });
  const closers: (() => Promise<unknown>)[] = [];

  const painter = setup.painter === undefined ? {} : { painter: setup.painter };
  const platform = createSlackPlatform({ installations, options, clock, log, ...painter });

  return {
    platform,
    directory: createSlackDirectory({ installations, options, clock, log }),
    async open({ gateway, reader, http, forget }) {
      const { settings } = setup;
      const intake = createIntake({ gateway, installations, clock, log });
      const extras = createExtras({ installations, reader, settings, clock, log, forget });
      const lines = createLines(setup);
      const receiver =
        options.transport === 'http'
          ? createHttpReceiver({ http, path: options.path, secrets: secrets.signingSecrets, clock })
          : lines;
      const app = createApp({ receiver, intake, extras, platform, installations, api, log });
      closers.push(async () => receiver.stop());
      await app.start();
    },
    async close() {
      for (const closer of closers) await closer();
    },
  };
}

/** The Socket Mode connections as one receiver. */
function createLines({ options, secrets, log }: SlackSetup): Receiver {
  let lines: readonly ReturnType<typeof createSocketLine>[] = [];
  return {
    init(app) {
      lines = Array.from({ length: options.connections }, () =>
        createSocketLine({
          app,
          appToken: secrets.appToken ?? '',
          api: options.api,
          log,
          backOffMs: (failures) => Math.min(30_000, 500 * 2 ** Math.min(failures, 6)),
        }),
      );
    },
    start: () => Promise.all(lines.map((line) => line.start())),
    stop: () => Promise.all(lines.map((line) => line.stop())),
  };
}
