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

/** Interactions need no intent at all; roles and channels come with the plain Guilds intent. */
export function createGatewayLine(parts: {
  readonly token: string;
  readonly rest: DiscordRest;
  readonly options: Pick<DiscordOptions, 'shards' | 'memberEvents'>;
  readonly log: Log;
  readonly onInteraction: (payload: unknown) => void;
  readonly onChange: () => void;
}): GatewayLine {
  const { log } = parts;
  let client: Client | null = null;
  let again: NodeJS.Timeout | undefined;
  let closed = false;

  function create(): Client {
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
    made.on('invalidated', () => retry(1));
    made.ws.on(GatewayDispatchEvents.InteractionCreate, parts.onInteraction);
    for (const event of changing) made.ws.on(event, parts.onChange);
    return made;
  }

  async function connect(failures: number): Promise<void> {
    const made = create();
    client = made;
    try {
      await made.login(parts.token);
      log.info('Connected to the gateway of Discord', {});
    } catch (error) {
      log.error('Discord’s gateway does not take us; it is tried again', { error });
      await made.destroy();
      retry(failures + 1);
    }
  }

  function retry(failures: number): void {
    if (closed) return;
    clearTimeout(again);
    const wait = Math.min(60_000, 1_000 * 2 ** Math.min(failures, 6));
    again = setTimeout(() => void connect(failures), wait);
  }

  return {
    open: () => void connect(0),
    async close() {
      closed = true;
      clearTimeout(again);
      await client?.destroy();
    },
  };
}
