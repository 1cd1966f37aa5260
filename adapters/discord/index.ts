import type { Account } from '#core/people.ts';
import type { ChartPainter } from '#ports/chart-painter.ts';
import type { ChatPlatform } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import type { Directory } from '#ports/directory.ts';
import type { Gateway } from '#ports/gateway.ts';
import type { HttpHost } from '#ports/http-host.ts';
import type { Log } from '#ports/log.ts';
import { createConfirmations, privately } from './confirmations.ts';
import { createDiscordDirectory } from './directory.ts';
import { examine as examineWith, type Patient } from './doctor.ts';
import { codeOf } from './faults.ts';
import { type Finding, finding } from './finding.ts';
import { createGatewayLine } from './gateway-line.ts';
import { addHttpRoute } from './http-route.ts';
import { createIntake, type Taken } from './intake.ts';
import type { DiscordOptions } from './options.ts';
import { createOwnId } from './own-application.ts';
import { createPictures } from './pictures.ts';
import { lookAtPlaces, type Place } from './places.ts';
import { createDiscordPlatform } from './platform.ts';
import { createRest } from './rest.ts';
import type { DiscordSecrets } from './secrets.ts';

export type { Finding } from './finding.ts';
export { DiscordOptions } from './options.ts';
export { register } from './registration.ts';
export type { DiscordSecrets } from './secrets.ts';

export interface DiscordSetup {
  readonly options: DiscordOptions;
  readonly secrets: DiscordSecrets;
  /** Draws charts; null leaves the tables alone. */
  readonly paint: ChartPainter | null;
  readonly clock: Clock;
  readonly log: Log;
}

export interface DiscordDoors {
  readonly gateway: Gateway;
  /** For HTTP; must be given before the server starts. */
  readonly http: HttpHost;
  readonly forget: (account: Account | null) => void;
}

/** Discord: a chat platform and its directory at once, a door for people after `open`. */
export interface Discord {
  readonly platform: ChatPlatform;
  readonly directory: Directory;
  /** Whether it is in its servers and lacks nothing in these channels. @throws what the SDK throws */
  look(channels: readonly Place[]): Promise<readonly Finding[]>;
  open(doors: DiscordDoors): void;
  close(): Promise<void>;
}

/** @throws Error when a secret that the transport needs is missing: a boot must stop there */
export function createDiscord({ options, secrets, paint, clock, log }: DiscordSetup): Discord {
  const { botToken: token, publicKey } = secrets;
  if (token === null) throw new Error('Discord needs SIGNALBOX_DISCORD_BOT_TOKEN');
  if (options.transport === 'http' && publicKey === null) {
    throw new Error('Discord over HTTP needs SIGNALBOX_DISCORD_PUBLIC_KEY');
  }
  const rest = createRest({ token, options, clock, log });
  const ownId = createOwnId(rest);
  const confirmations = createConfirmations();
  const pictures = createPictures({ paint, everyMs: options.pictureEvery * 1_000, clock, log });
  const { guilds, charts, requestsPerSecond } = options;
  let close = async (): Promise<void> => {};

  /** Stores what was acknowledged; a person is told when that fails. */
  async function store(taken: Taken): Promise<void> {
    try {
      await taken.store?.();
    } catch (error) {
      log.error('A delivery of Discord could not be taken', { error });
      const path = `/webhooks/${taken.application}/${taken.token}/messages/@original` as const;
      const text = 'Signalbox could not take that: nothing was done. Please try again.';
      const body = privately([{ type: 10, content: text }]);
      await rest
        .ask({ method: 'PATCH', path, body, auth: false })
        .catch((failure: unknown) => log.warn('Nobody could be told', { error: failure }));
    }
  }

  return {
    platform: createDiscordPlatform({
      rest,
      pictures,
      confirmations,
      charts,
      requestsPerSecond,
      clock,
    }),
    directory: createDiscordDirectory({ rest, guilds, clock, log }),
    async look(channels) {
      return lookAtPlaces({ rest, options, channels, application: await ownId() });
    },
    open({ gateway, http, forget }) {
      const intake = createIntake({ gateway, confirmations, guilds, clock, log });
      if (options.transport === 'http' && publicKey !== null) {
        addHttpRoute({
          http,
          path: options.path,
          publicKey,
          application: ownId,
          clock,
          log,
          take: intake.take,
          store,
        });
        return;
      }
      const line = createGatewayLine({
        token,
        rest,
        options,
        log,
        onInteraction: (payload) => void received(payload),
        onChange: () => forget(null),
      });
      close = line.close;
      line.open();

      /** Discord waits three seconds for its answer, so that comes first. */
      async function received(payload: unknown): Promise<void> {
        try {
          const taken = await intake.take(payload);
          await acknowledge(taken);
          await store(taken);
        } catch (error) {
          log.error('An interaction of Discord could not be read', { error });
        }
      }

      async function acknowledge({ id, token: of, answer }: Taken): Promise<void> {
        try {
          const path = `/interactions/${id}/${of}/callback` as const;
          // Asked twice it is one acknowledgement, so a moment may be waited.
          await rest.ask({ method: 'POST', path, body: answer, auth: false, patienceMs: 1_500 });
        } catch (error) {
          // A repeated delivery was answered already; the inbox knows it too.
          if (codeOf(error) !== 40_060) {
            log.warn('An acknowledgement did not reach Discord', { error });
          }
        }
      }
    },
    close: () => close(),
  };
}

/** What the doctor is told about the settings. */
export type DoctorQuestion = Omit<Patient, 'rest' | 'directory'> & { readonly log: Log };

/** Asks Discord about everything that the settings rely on, and changes nothing. */
export async function examine(question: DoctorQuestion): Promise<readonly Finding[]> {
  const { options, secrets, clock, log } = question;
  const token = secrets.botToken;
  if (token === null) return [finding('bot token is set', 'Set SIGNALBOX_DISCORD_BOT_TOKEN.')];
  const rest = createRest({ token, options, clock, log });
  const directory = createDiscordDirectory({ rest, guilds: options.guilds, clock, log });
  return examineWith({ ...question, rest, directory });
}
