import { z } from 'zod';
import { codeOf } from './faults.ts';
import { type Finding, finding } from './finding.ts';
import { inviteUrl, isAdministrator, missingIn } from './needed-permissions.ts';
import type { DiscordOptions } from './options.ts';
import type { GuildRole } from './permissions.ts';
import type { DiscordRest } from './rest.ts';

/** A channel that the settings name. */
export interface Place {
  readonly tenant: string;
  readonly channel: string;
}

const Roles = z.array(z.object({ id: z.string(), permissions: z.string() }));
const User = z.object({ id: z.string() });
const Self = z.object({ roles: z.array(z.string()) });
const Channel = z.object({
  guild_id: z.string().optional(),
  permission_overwrites: z
    .array(z.object({ id: z.string(), type: z.number(), allow: z.string(), deny: z.string() }))
    .default([]),
});

interface Look {
  readonly rest: DiscordRest;
  readonly options: Pick<DiscordOptions, 'guilds' | 'charts'>;
  readonly channels: readonly Place[];
  readonly application: string;
}

/** What we are in a server: our roles, and what roles there are. */
interface Standing {
  readonly user: string;
  readonly held: readonly string[];
  readonly roles: readonly GuildRole[];
}

/** Whether we are in each server, and lack nothing in each channel that the settings name. */
export async function lookAtPlaces(look: Look): Promise<readonly Finding[]> {
  const { rest, options, channels } = look;
  const { id: user } = User.parse(await read(rest, '/users/@me'));
  const findings: Finding[] = [];
  for (const guild of options.guilds) {
    const standing = await standingIn(rest, guild, user);
    findings.push(serverFinding(guild, standing, look));
    if (standing === null) continue;
    for (const { tenant, channel } of channels) {
      if (tenant === guild) findings.push(await channelFinding(look, guild, channel, standing));
    }
  }
  const elsewhere = channels.filter(({ tenant }) => !options.guilds.includes(tenant));
  return [
    ...findings,
    ...elsewhere.map(({ tenant, channel }) =>
      finding(
        whatOf(channel),
        `Its server ${tenant} is not among platforms.discord.options.guilds.`,
      ),
    ),
  ];
}

function read(rest: DiscordRest, path: `/${string}`): Promise<unknown> {
  return rest.ask({ method: 'GET', path, patienceMs: 2_000 });
}

async function standingIn(
  rest: DiscordRest,
  guild: string,
  user: string,
): Promise<Standing | null> {
  try {
    const { roles: held } = Self.parse(await read(rest, `/guilds/${guild}/members/${user}`));
    return { user, held, roles: Roles.parse(await read(rest, `/guilds/${guild}/roles`)) };
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return null;
  }
}

function serverFinding(guild: string, standing: Standing | null, look: Look): Finding {
  const what = `server ${guild} has the bot, without more rights than it needs`;
  if (standing === null) {
    return finding(what, `Add it: ${inviteUrl(look.application, look.options.charts)}`);
  }
  const { held, roles } = standing;
  const all = isAdministrator({ guild, roles: held }, roles);
  return finding(what, all ? 'Take Administrator from its roles: it needs far less.' : null);
}

async function channelFinding(
  { rest, options }: Look,
  guild: string,
  channel: string,
  { user, held, roles }: Standing,
): Promise<Finding> {
  const what = whatOf(channel);
  try {
    const asked = Channel.parse(await read(rest, `/channels/${channel}`));
    if (asked.guild_id !== guild) return finding(what, `It is not in server ${guild}.`);
    const who = { guild, user, roles: held };
    const missing = missingIn(who, roles, asked.permission_overwrites, options.charts);
    const named = missing.map(({ name, why }) => `${name} (${why})`).join(', ');
    return finding(what, missing.length === 0 ? null : `Allow: ${named}.`);
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    const unknown = 'There is no such channel: compare the id.';
    const hidden = 'Allow: View Channel (cards, and to see who else sees the channel).';
    return finding(what, code === 10_003 ? unknown : hidden);
  }
}

function whatOf(channel: string): string {
  return `channel ${channel} takes cards`;
}
