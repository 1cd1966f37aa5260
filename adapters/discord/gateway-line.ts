import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '#ports/log.ts';
import type { DiscordOptions } from './options.ts';
import type { DiscordRest } from './rest.ts';
import { Client, GatewayDispatchEvents, GatewayIntentBits } from './sdk.ts';

/** The connections to the gateway, one per shard. */
export interface GatewayLine {
  /** Keeps trying until it is connected or closed. */
  open(): void;
  close(): Promise<void>;
}

/** After these what was known about memberships counts no more. */
const changing = [
  GatewayDispatchEvents.GuildRoleUpdate,
  GatewayDispatchEvents.GuildRoleDelete,
  GatewayDispatchEvents.ChannelUpdate,
  GatewayDispatchEvents.ChannelDelete,
  GatewayDispatchEvents.GuildMemberUpdate,
  GatewayDispatchEvents.GuildMemberRemove,
];

/** Discord takes 1,000 identifications a day, and takes the token away after that. */
const longestWaitMs = 120_000;

/** What to do about the codes after which Discord wants no second attempt. */
const remedies: Readonly<Record<number, string>> = {
  4004: 'Copy the bot token anew: SIGNALBOX_DISCORD_BOT_TOKEN.',
  4010: 'Set shards to auto.',
  4011: 'Set shards to auto: one connection does not carry so many servers.',
  4013: 'This Signalbox is too old for Discord.',
  4014: 'Turn on the Server Members Intent of the application, or set memberEvents to false.',
};

/** Interactions need no intent at all; roles and channels come with the plain Guilds intent. */
export function createGatewayLine(parts: {
  readonly token: string;
  readonly rest: DiscordRest;
  readonly options: Pick<DiscordOptions, 'shards' | 'memberEvents'>;
  readonly log: Log;
  readonly onInteraction: (payload: unknown) => void;
  readonly onChange: () => void;
  /** Before the first new attempt, in milliseconds; each one doubles it. */
  readonly firstWaitMs?: number;
}): GatewayLine {
  const { log } = parts;
  let client: Client | null = null;
  let again: NodeJS.Timeout | undefined;
  let failures = 0;
  let closed = false;

  /** A client with its listeners; `lost` is called once it will not come back by itself. */
  function create(lost: (made: Client) => void): Client {
    const made = new Client({
      intents: [
        GatewayIntentBits.Guilds,
        ...(parts.options.memberEvents ? [GatewayIntentBits.GuildMembers] : []),
      ],
      shards: parts.options.shards,
      rest: parts.rest.options,
      allowedMentions: { parse: [] },
    });
    made.on('error', (error) => log.warn('The gateway of Discord had an error', { error }));
    made.on('shardError', (error) => log.warn('A shard of Discord had an error', { error }));
    // The SDK never connects again after one of these.
    made.on('shardDisconnect', ({ code }, shard) => {
      const next = remedies[code] ?? 'Ask signalbox doctor discord.';
      log.error('Discord closed the gateway for good; it is tried again', { code, shard, next });
      lost(made);
    });
    made.on('invalidated', () => lost(made));
    made.ws.on(GatewayDispatchEvents.InteractionCreate, parts.onInteraction);
    for (const event of changing) made.ws.on(event, parts.onChange);
    guardHandling(made, log);
    return made;
  }

  async function connect(): Promise<void> {
    const made = create(retry);
    client = made;
    try {
      await made.login(parts.token);
      failures = 0;
      log.info('Connected to the gateway of Discord', {});
    } catch (error) {
      log.error('Discord’s gateway does not take us; it is tried again', { error });
      retry(made);
    }
  }

  /** Once per client: its end may be told in several ways. */
  function retry(made: Client): void {
    if (closed || client !== made) return;
    client = null;
    failures += 1;
    const first = parts.firstWaitMs ?? 1_000;
    const wait = Math.min(longestWaitMs, first * 2 ** Math.min(failures - 1, 12));
    again = setTimeout(() => void connect(), wait);
    void end(made);
  }

  async function end(made: Client): Promise<void> {
    const given = new AbortController();
    const most = pause(2_000, undefined, { signal: given.signal, ref: false });
    try {
      await Promise.race([made.destroy(), most]);
    } catch (error) {
      log.debug('A gateway of Discord could not be closed', { error });
    }
    given.abort();
    await most.catch(() => {});
  }

  return {
    open: () => void connect(),
    async close() {
      closed = true;
      clearTimeout(again);
      if (client !== null) await end(client);
    },
  };
}

/**
 * What the SDK makes of a delivery is of no use here, and a shape that it does not know makes it
 * throw where nobody can catch it, which ends the process. Listeners have run by then.
 */
function guardHandling({ ws }: Client, log: Log): void {
  const handle: unknown = Reflect.get(ws, 'handlePacket');
  if (typeof handle !== 'function') return;
  const guarded = (...delivery: readonly unknown[]): unknown => {
    try {
      return Reflect.apply(handle, ws, delivery);
    } catch (error) {
      log.debug('The SDK could not read a delivery of Discord', { error });
      return false;
    }
  };
  Reflect.set(ws, 'handlePacket', guarded);
}
