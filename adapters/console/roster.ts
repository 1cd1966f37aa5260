import { environmentOrder } from '#core/settings/lookup.ts';
import type { Settings } from '#core/settings/settings.ts';
import { type ConsoleChannel, ConsoleOptions } from './options.ts';

/** The one tenant of console accounts and grants. */
export const consoleTenant = 'console';

/** A person as the console shows one. */
export interface ConsolePerson {
  readonly user: string;
  readonly name: string;
  readonly title: string;
}

/** What the console reads from the settings in force. */
export interface Roster {
  readonly organisation: string;
  /** Name of the slash command, without the slash. */
  readonly command: string;
  readonly publicUrl: string | null;
  readonly options: ConsoleOptions;
  /** Channels by id, those named by the settings' channels included. */
  readonly channels: ReadonlyMap<string, ConsoleChannel>;
  /** People of the settings who have a console account. */
  readonly people: readonly ConsolePerson[];
  /** Names of the services, sorted, and of the environments in the order of the settings. */
  readonly services: readonly string[];
  readonly environments: readonly string[];
}

/** A roster that follows the settings; it is built again only when they were replaced. */
export function createRoster(settings: () => Settings): () => Roster {
  let from: Settings | null = null;
  let built: Roster | null = null;
  return () => {
    const present = settings();
    if (built === null || from !== present) {
      from = present;
      built = readRoster(present);
    }
    return built;
  };
}

function readRoster(settings: Settings): Roster {
  const options = ConsoleOptions.parse(settings.platforms['console']?.options ?? {});
  const channels = new Map<string, ConsoleChannel>();
  for (const channel of Object.values(settings.channels)) {
    if (channel.console !== undefined) {
      channels.set(channel.console, { topic: '', members: [], groups: [], open: true });
    }
  }
  for (const [id, channel] of Object.entries(options.channels)) channels.set(id, channel);
  const people: ConsolePerson[] = [];
  for (const person of Object.values(settings.people)) {
    for (const account of person.accounts) {
      if (account.platform !== 'console' || account.tenant !== consoleTenant) continue;
      people.push({
        user: account.user,
        name: person.name,
        title: options.titles[account.user] ?? '',
      });
    }
  }
  return {
    organisation: settings.organisation,
    command: settings.command,
    publicUrl: settings.publicUrl ?? null,
    options,
    channels,
    people,
    services: Object.keys(settings.services).sort(),
    environments: environmentOrder(settings),
  };
}
