import { z } from 'zod';
import { Fault } from '#core/fault.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import { toFault } from './faults.ts';
import { missingScopes } from './manifest.ts';
import type { Pace } from './reads.ts';
import { type Clients, createClients } from './web-client.ts';

/** One workspace, or one Enterprise Grid organisation, that the app is installed in. */
export interface Installation {
  /** What the settings call the tenant: the team id, or the enterprise id of an organisation-wide install. */
  readonly tenant: string;
  /** Null for an organisation-wide install. */
  readonly team: string | null;
  readonly enterprise: string | null;
  readonly botUser: string;
  readonly botId: string | null;
  readonly token: string;
  readonly clients: Clients;
}

/** The installations behind the configured tokens, found out as soon as Slack answers. */
export interface Installations {
  /** @throws Fault `chat.not_allowed` for a tenant that no token is for, `chat.unavailable` while Slack is silent */
  of(tenant: string): Promise<Installation>;
  all(): Promise<readonly Installation[]>;
}

const Identity = z.object({
  team_id: z.string().nullish(),
  enterprise_id: z.string().nullish(),
  user_id: z.string(),
  bot_id: z.string().nullish(),
  is_enterprise_install: z.boolean().nullish(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

/** A silent Slack is asked again after this long, in milliseconds. */
const patienceMs = 5_000;

/** `tokens`: one bot token per workspace. */
export function createInstallations(needs: {
  readonly tokens: readonly string[];
  readonly api: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly pace?: Pace;
}): Installations {
  const slots = needs.tokens.map((token) => createSlot(token, needs));

  async function known(): Promise<readonly Installation[]> {
    const found = await Promise.all(slots.map((slot) => slot()));
    return found.filter((one) => one !== null);
  }

  return {
    all: known,
    async of(tenant) {
      const found = await known();
      const own = found.find((one) => one.tenant === tenant);
      if (own !== undefined) return own;
      if (found.length < slots.length) {
        throw new Fault('chat.unavailable', 'Slack has not said yet whose token this is', {
          retryable: true,
        });
      }
      throw new Fault('chat.not_allowed', `No token is for the Slack workspace ${tenant}`, {
        retryable: false,
      });
    },
  };
}

/** Finds out once whose token it is; null while that is not known. */
function createSlot(
  token: string,
  needs: Parameters<typeof createClients>[1],
): () => Promise<Installation | null> {
  const { clock, log } = needs;
  const clients = createClients(token, needs);
  let known: Installation | null = null;
  let asking: Promise<Installation | null> | null = null;
  let askAgainAt = 0;

  async function ask(): Promise<Installation | null> {
    try {
      const who = Identity.parse(await clients.reads.show('auth.test', {}));
      const team = who.is_enterprise_install === true ? null : (who.team_id ?? null);
      const enterprise = who.enterprise_id ?? null;
      const tenant = team ?? enterprise;
      if (tenant === null) throw new Error('auth.test named neither a team nor an enterprise');
      const { user_id: botUser, bot_id: botId } = who;
      const missing = missingScopes(who.response_metadata?.scopes);
      if (missing.length > 0) {
        const fix = 'Ask "signalbox doctor slack" what to click.';
        log.warn('The Slack app has to be installed again for more scopes', { missing, fix });
      }
      known = { tenant, team, enterprise, botUser, botId: botId ?? null, token, clients };
    } catch (error) {
      askAgainAt = clock.now() + patienceMs;
      const fault = toFault(error, { kind: 'read', scope: '' });
      log.error('Slack does not say whose bot token this is', { error: fault });
    }
    return known;
  }

  return async () => {
    if (known !== null || (asking === null && clock.now() < askAgainAt)) return known;
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };
}
