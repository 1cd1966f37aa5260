import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CommandDescriptor, CommandField } from '#core/command.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { DiscordOptions } from './options.ts';
import { readOwnApplication } from './own-application.ts';
import { cut, type Json } from './plain-text.ts';
import { createRest, type DiscordRest } from './rest.ts';
import type { DiscordSecrets } from './secrets.ts';

/** Discord's limits: subcommands per level, and characters of a whole command. */
const perLevel = 25;
const charactersMax = 8_000;

/** Fields whose values are completed from what is configured. */
const completed = new Set<CommandField['kind']>(['service', 'environment', 'version', 'rollout']);

/** The slash command with a subcommand per command; what does not fit goes into the group `more`. */
function slashCommand(name: string, commands: readonly CommandDescriptor[]): Json {
  for (const most of [100, 70, 50, 35, 20, 8]) {
    const drawn = drawCommand(name, commands, most);
    if (sizeOf(drawn) <= charactersMax) return drawn;
  }
  throw new Error('The slash command is too long for Discord');
}

function drawCommand(name: string, commands: readonly CommandDescriptor[], most: number): Json {
  const subcommands = commands.map((command) => ({
    type: 1,
    name: command.name,
    description: cut(command.summary, most),
    options: [...command.fields]
      .sort((one, other) => Number(other.required) - Number(one.required))
      .slice(0, 25)
      .map((field) => optionOf(field, most)),
  }));
  const fits = subcommands.length <= perLevel;
  const rest = fits ? [] : subcommands.slice(perLevel - 1);
  const more = { type: 2, name: 'more', description: 'Further commands', options: rest };
  return {
    type: 1,
    name,
    description: 'Deploy, approve, roll back and look at releases',
    // In servers that installed it, and nowhere else.
    contexts: [0],
    integration_types: [0],
    options: fits ? subcommands : [...subcommands.slice(0, perLevel - 1), more],
  };
}

function optionOf(field: CommandField, most: number): Json {
  const common = {
    // Discord takes lower case alone; `restored` undoes it.
    name: field.name.toLowerCase(),
    description: cut(field.summary === '' ? field.name : field.summary, most),
    required: field.required,
  };
  if (field.kind === 'flag') return { type: 5, ...common };
  if (field.kind === 'number') return { type: 4, ...common };
  return { type: 3, ...common, ...(completed.has(field.kind) ? { autocomplete: true } : {}) };
}

/** Names and descriptions, which Discord counts together. */
function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + sizeOf(one), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) =>
      sum +
      ((key === 'name' || key === 'description') && typeof inner === 'string'
        ? inner.length
        : sizeOf(inner)),
    0,
  );
}

/** Everything that Signalbox adds to a server: the slash command, and one on messages. */
export function wantedCommands(
  name: string,
  commands: readonly CommandDescriptor[],
): readonly Json[] {
  const onMessages = {
    type: 3,
    name: 'Run a release command',
    contexts: [0],
    integration_types: [0],
  };
  return [slashCommand(name, commands), onMessages];
}

/** Whether a server has exactly these commands, in whatever order. */
export async function isRegistered(
  rest: DiscordRest,
  path: `/${string}`,
  wanted: readonly Json[],
): Promise<boolean> {
  const asked = { method: 'GET', path, patienceMs: 2_000 } as const;
  const present = z.array(z.unknown()).parse(await rest.ask(asked));
  const prints = (all: readonly unknown[]) => all.map(printOf).toSorted().join();
  return prints(present) === prints(wanted);
}

/** Registers the commands in each server; one that has them already is left alone. */
export async function register(parts: {
  readonly options: DiscordOptions;
  readonly secrets: DiscordSecrets;
  readonly command: string;
  readonly commands: readonly CommandDescriptor[];
  readonly clock: Clock;
  readonly log: Log;
}): Promise<readonly { readonly guild: string; readonly changed: boolean }[]> {
  const { options, secrets, clock, log } = parts;
  const token = secrets.botToken;
  if (token === null) throw new Error('Discord needs SIGNALBOX_DISCORD_BOT_TOKEN');
  const rest = createRest({ token, options, clock, log });
  const wanted = wantedCommands(parts.command, parts.commands);
  const { id } = await readOwnApplication(rest);
  const done: { guild: string; changed: boolean }[] = [];
  for (const guild of options.guilds) {
    const path = `/applications/${id}/guilds/${guild}/commands` as const;
    const changed = !(await isRegistered(rest, path, wanted));
    // Discord counts creations: 200 a day and server.
    if (changed) await rest.ask({ method: 'PUT', path, body: wanted });
    done.push({ guild, changed });
  }
  return done;
}

const Described: z.ZodType<Described> = z.object({
  type: z.number(),
  name: z.string(),
  description: z.string().default(''),
  required: z.boolean().default(false),
  autocomplete: z.boolean().default(false),
  options: z.array(z.lazy(() => Described)).default([]),
});
interface Described {
  readonly type: number;
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly autocomplete: boolean;
  readonly options: readonly Described[];
}

function printOf(command: unknown): string {
  const read = Described.safeParse(command).data ?? null;
  return createHash('sha256').update(JSON.stringify(read)).digest('hex');
}
