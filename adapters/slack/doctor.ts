import { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { Fault } from '#core/fault.ts';
import type { Grant } from '#core/people.ts';
import type { Log } from '#ports/log.ts';
import { toFault } from './faults.ts';
import { whyUnsound } from './grant-source.ts';
import { missingScopes, scopeReasons } from './manifest.ts';
import type { SlackOptions } from './options.ts';
import type { SlackSecrets } from './secrets.ts';
import { writeOptions } from './web-client.ts';

/** One thing that was looked at; `fix` says what to do where it is not well. */
export interface DoctorFinding {
  readonly well: boolean;
  readonly what: string;
  readonly fix: string;
}

interface Patient {
  readonly options: SlackOptions;
  readonly secrets: SlackSecrets;
  /** Channels that cards go to, and grants of roles, of the settings. */
  readonly channels: readonly { readonly tenant: string; readonly channel: string }[];
  readonly grants: readonly Exclude<Grant, { kind: 'people' }>[];
  readonly now: () => number;
  readonly log: Log;
}

const Who = z.object({
  team_id: z.string().nullish(),
  enterprise_id: z.string().nullish(),
  is_enterprise_install: z.boolean().nullish(),
});
const Info = z.object({
  channel: z.object({
    is_member: z.boolean().default(false),
    is_archived: z.boolean().default(false),
  }),
});

/** Asks Slack about everything that the settings rely on, and changes nothing. */
export async function examine(patient: Patient): Promise<readonly DoctorFinding[]> {
  const findings: DoctorFinding[] = [await connection(patient), await clock(patient)];
  if (patient.secrets.botTokens.length === 0) {
    const fix =
      'Set SIGNALBOX_SLACK_BOT_TOKEN: "OAuth & Permissions" shows it once the app is installed.';
    findings.push({ well: false, what: 'a bot token is set', fix });
  }
  const clients = new Map<string, WebClient>();
  for (const [index, token] of patient.secrets.botTokens.entries()) {
    const client = new WebClient(token, writeOptions(patient.options.api, patient.log));
    const found = await tokenFindings(client, index + 1);
    if (found.tenant !== null) clients.set(found.tenant, client);
    findings.push(...found.findings);
  }
  for (const { tenant, channel } of patient.channels) {
    findings.push(
      await look(`channel ${channel} takes cards`, clients.get(tenant), tenant, async (client) => {
        const { channel: info } = Info.parse(await client.conversations.info({ channel }));
        if (info.is_archived) return 'Unarchive it, or name another channel.';
        return info.is_member ? null : `Invite the app: /invite @signalbox in ${channel}.`;
      }),
    );
  }
  for (const grant of patient.grants) {
    const id = grant.kind === 'channel' ? grant.channel : grant.group;
    findings.push(
      await look(
        `${grant.kind} ${id} may grant roles`,
        clients.get(grant.tenant),
        grant.tenant,
        (client) =>
          whyUnsound(
            (method, args) => client.apiCall(method, { ...args }),
            grant,
            patient.options.orgShared,
          ),
      ),
    );
  }
  return findings;
}

async function look(
  what: string,
  client: WebClient | undefined,
  tenant: string,
  ask: (client: WebClient) => Promise<string | null>,
): Promise<DoctorFinding> {
  if (client === undefined)
    return { well: false, what, fix: `No working token is for the workspace ${tenant}.` };
  try {
    const fix = await ask(client);
    return { well: fix === null, what, fix: fix ?? '' };
  } catch (error) {
    return { well: false, what, fix: `${said(error)} Invite the app there, and compare the id.` };
  }
}

async function tokenFindings(client: WebClient, number: number) {
  const what = `bot token ${number} works`;
  try {
    const answer = await client.auth.test();
    const who = Who.parse(answer);
    const tenant = who.is_enterprise_install === true ? who.enterprise_id : who.team_id;
    const missing = missingScopes(answer.response_metadata?.scopes);
    const findings: DoctorFinding[] = [
      { well: true, what: `${what} in ${tenant ?? 'no workspace'}`, fix: '' },
      ...(missing.length === 0 ? [] : [reinstall(missing)]),
    ];
    return { tenant: tenant ?? null, findings };
  } catch (error) {
    const fix = `${said(error)} Copy the bot token (xoxb-) anew from "OAuth & Permissions".`;
    return { tenant: null, findings: [{ well: false, what, fix }] };
  }
}

/** An app that was installed by an older manifest keeps its old scopes until it is installed again. */
function reinstall(missing: readonly string[]): DoctorFinding {
  const reasons = missing.map((scope) => `${scope} (${scopeReasons[scope] ?? ''})`);
  return {
    well: false,
    what: `the app has every scope: ${missing.length} missing`,
    fix:
      `It was installed before it needed ${reasons.join(', ')}. On https://api.slack.com/apps choose the ` +
      'app, put the output of "signalbox slack manifest" under "App Manifest" and save; then, under ' +
      '"Install App", click "Reinstall to Workspace" and compare the bot token with the one in use.',
  };
}

async function connection({ options, secrets, log }: Patient): Promise<DoctorFinding> {
  if (options.transport === 'http') {
    const well = secrets.signingSecrets.length > 0;
    return {
      well,
      what: 'signing secret is set',
      fix: well ? '' : 'Set SIGNALBOX_SLACK_SIGNING_SECRET.',
    };
  }
  const what = 'Socket Mode opens';
  if (secrets.appToken === null)
    return {
      well: false,
      what,
      fix: 'Set SIGNALBOX_SLACK_APP_TOKEN: "Basic Information", App-Level Tokens.',
    };
  try {
    await new WebClient(secrets.appToken, writeOptions(options.api, log)).apps.connections.open();
    return { well: true, what, fix: '' };
  } catch (error) {
    return {
      well: false,
      what,
      fix: `${said(error)} The app-level token needs connections:write, and Socket Mode must be on.`,
    };
  }
}

/** Signatures carry the time: a clock that is off refuses every request. */
async function clock({ options, now }: Patient): Promise<DoctorFinding> {
  const what = 'clock agrees with Slack';
  try {
    const before = now();
    const response = await fetch(options.api, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(5_000),
    });
    const theirs = Date.parse(response.headers.get('date') ?? '');
    const off = Math.round(Math.abs(theirs - before) / 1000);
    if (Number.isNaN(off)) return { well: true, what: `${what} (Slack named no time)`, fix: '' };
    return { well: off <= 30, what, fix: off <= 30 ? '' : `It is ${off} s off: turn on NTP.` };
  } catch (error) {
    return { well: false, what, fix: `${said(error)} Is ${options.api} reachable from here?` };
  }
}

function said(error: unknown): string {
  const fault = toFault(error, { kind: 'read', scope: '' });
  return fault instanceof Fault ? `${fault.message}.` : 'Slack does not answer.';
}
