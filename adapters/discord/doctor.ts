import { z } from 'zod';
import type { CommandDescriptor } from '#core/command.ts';
import { Fault } from '#core/fault.ts';
import type { Grant } from '#core/people.ts';
import type { Clock } from '#ports/clock.ts';
import type { Directory } from '#ports/directory.ts';
import { codeOf, toFault } from './faults.ts';
import { type Finding, finding } from './finding.ts';
import { inviteUrl } from './needed-permissions.ts';
import type { DiscordOptions } from './options.ts';
import { type OwnApplication, readOwnApplication } from './own-application.ts';
import { lookAtPlaces, type Place } from './places.ts';
import { isRegistered, wantedCommands } from './registration.ts';
import type { DiscordRest } from './rest.ts';
import type { DiscordSecrets } from './secrets.ts';

export interface Patient {
  readonly rest: DiscordRest;
  readonly directory: Directory;
  readonly options: DiscordOptions;
  readonly secrets: DiscordSecrets;
  /** Channels that cards go to, and grants of roles, of the settings. */
  readonly channels: readonly Place[];
  readonly grants: readonly Exclude<Grant, { kind: 'people' }>[];
  /** What should be registered: the name of the slash command, and its subcommands. */
  readonly command: string;
  readonly commands: readonly CommandDescriptor[];
  readonly clock: Clock;
}

/** Whether the application may listen to members, fully or while it is small. */
const mayListenToMembers = (1 << 14) | (1 << 15);
const mayListenToMore = (1 << 12) | (1 << 13) | (1 << 18) | (1 << 19);

const GatewayBot = z.object({
  shards: z.number(),
  session_start_limit: z.object({ remaining: z.number() }),
});

/** Asks Discord about everything that the settings rely on, and changes nothing. */
export async function examine(patient: Patient): Promise<readonly Finding[]> {
  const clock = await clockFinding(patient);
  const token = 'bot token works';
  let own: OwnApplication;
  try {
    own = await readOwnApplication(patient.rest);
  } catch (error) {
    return [clock, finding(token, `${said(error)} Copy it anew: “Bot”, “Reset Token”.`)];
  }
  const { guilds } = patient.options;
  return [
    clock,
    finding(`${token}, for application ${own.id}`),
    ...wayIn(own, patient),
    intents(own, patient.options),
    await connections(patient),
    ...(await Promise.all(guilds.map((guild) => registration(patient, own.id, guild)))),
    ...(await places(patient, own.id)),
    ...(await Promise.all(patient.grants.map((grant) => grantFinding(patient, grant)))),
  ];
}

async function places(patient: Patient, application: string): Promise<readonly Finding[]> {
  try {
    return await lookAtPlaces({ ...patient, application });
  } catch (error) {
    return [finding('servers and channels can be looked at', said(error))];
  }
}

async function grantFinding(
  { directory }: Patient,
  grant: Patient['grants'][number],
): Promise<Finding> {
  const what = grant.kind === 'channel' ? `channel ${grant.channel}` : `role ${grant.group}`;
  const { usable, because } = await directory.validateGrant(grant);
  return finding(`${what} may grant roles`, usable ? null : because);
}

/** Discord sends interactions either to an address or to the gateway, never to both. */
function wayIn(own: OwnApplication, { options, secrets }: Patient): readonly Finding[] {
  const url = own.interactions_endpoint_url ?? '';
  if (options.transport === 'gateway') {
    const fix = `It is ${url}: clear it under “General Information”, or set transport: http.`;
    const what = 'no interactions endpoint takes what the gateway should';
    return [finding(what, url === '' ? null : fix)];
  }
  const path = URL.canParse(url) ? new URL(url).pathname : '';
  const right = path === options.path;
  const now = url === '' ? 'There is none' : `It is ${url}`;
  const fix = `${now}: set https://<your host>${options.path} under “General Information”.`;
  const same = own.verify_key === secrets.publicKey;
  return [
    finding('interactions endpoint leads here', right ? null : fix),
    finding(
      'public key is the one of the application',
      same ? null : `Set SIGNALBOX_DISCORD_PUBLIC_KEY to ${own.verify_key}.`,
    ),
  ];
}

function intents(own: OwnApplication, { memberEvents, transport }: DiscordOptions): Finding {
  const listens = (own.flags & mayListenToMembers) !== 0;
  if (memberEvents && transport === 'gateway') {
    const fix = 'Turn on the Server Members Intent under “Bot”, or set memberEvents to false.';
    return finding('Server Members Intent is on, for memberEvents', listens ? null : fix);
  }
  const tooMuch = listens || (own.flags & mayListenToMore) !== 0;
  const fix = 'Turn the privileged intents off under “Bot”: nothing here uses them.';
  return finding('no privileged intent is on that nothing uses', tooMuch ? fix : null);
}

async function connections({ rest, options }: Patient): Promise<Finding> {
  const what = 'gateway can be opened';
  if (options.transport === 'http') return finding('gateway is not needed for HTTP');
  try {
    const asked = await rest.ask({ method: 'GET', path: '/gateway/bot', patienceMs: 2_000 });
    const { shards, session_start_limit: limit } = GatewayBot.parse(asked);
    const needed = options.shards === 'auto' ? shards : options.shards;
    const fix = `Only ${limit.remaining} sessions are left today, and ${needed} are needed: wait.`;
    return finding(what, limit.remaining < needed ? fix : null);
  } catch (error) {
    return finding(what, said(error));
  }
}

async function registration(
  { rest, options, command, commands }: Patient,
  own: string,
  guild: string,
): Promise<Finding> {
  const what = `/${command} is up to date in server ${guild}`;
  try {
    const path = `/applications/${own}/guilds/${guild}/commands` as const;
    const same = await isRegistered(rest, path, wantedCommands(command, commands));
    return finding(what, same ? null : 'Run signalbox discord register.');
  } catch (error) {
    if (codeOf(error) !== 50_001) return finding(what, said(error));
    return finding(what, `Add the application to the server: ${inviteUrl(own, options.charts)}`);
  }
}

/** Signatures carry the time: a clock that is off refuses every request. */
async function clockFinding({ options, clock }: Patient): Promise<Finding> {
  const what = 'clock agrees with Discord';
  try {
    const before = clock.now();
    const response = await fetch(`${options.api}/v10/gateway`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(5_000),
    });
    const theirs = Date.parse(response.headers.get('date') ?? '');
    const off = Math.round(Math.abs(theirs - before) / 1000);
    if (Number.isNaN(off)) return finding(`${what} (Discord named no time)`);
    return finding(what, off <= 30 ? null : `It is ${off} s off: turn on NTP.`);
  } catch {
    return finding(what, `Is ${options.api} reachable from here?`);
  }
}

function said(error: unknown): string {
  const fault = toFault(error, { kind: 'read', at: { channel: '', thread: null } });
  return fault instanceof Fault ? `${fault.message}.` : 'Discord does not answer.';
}
