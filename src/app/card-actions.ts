import { canonicalJson } from '#core/canonical.ts';
import { actionsFor, type CardAction } from '#core/cards/actions.ts';
import type { CardContext } from '#core/cards/card-context.ts';
import type { Instant } from '#core/ids.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { Transaction } from '#ports/store.ts';
import type { World } from './world.ts';

/** How long a button works, in milliseconds: longer than any card stays of interest. */
const buttonLifeMs = 30 * 86_400_000;

type Needs = Pick<World, 'crypto' | 'settings'>;

/** What every card of a rollout is composed with: the same action has the same token everywhere. */
export function cardContext(world: Needs, now: Instant): CardContext {
  const { settings } = world.settings();
  return {
    now,
    tokenOf: (action) => tokenOf(world, action),
    consoleUrl: consoleUrlOf(settings),
    command: settings.command,
  };
}

/** Base URL of the console as people reach it, without a trailing slash; null when nothing says it. */
export function consoleUrlOf({ publicUrl }: Pick<Settings, 'publicUrl'>): string | null {
  return publicUrl?.replace(/\/$/, '') ?? null;
}

/** Keeps on the server what the buttons of a rollout's cards stand for. */
export async function keepActions(
  tx: Transaction,
  world: Needs,
  state: RolloutState,
): Promise<void> {
  await storeActions(tx, world, actionsFor(state, tx.now));
}

/** Keeps on the server what these buttons stand for. */
export async function storeActions(
  tx: Transaction,
  world: Needs,
  actions: readonly CardAction[],
): Promise<void> {
  if (actions.length === 0) return;
  await tx.storeActions(
    actions.map((action) => ({
      token: tokenOf(world, action),
      command: action.command,
      args: action.args,
      planHash: action.planHash,
      rollout: action.rollout,
      expiresAt: tx.now + buttonLifeMs,
    })),
  );
}

function tokenOf(world: Needs, { command, args, planHash, rollout }: CardAction): string {
  const text = canonicalJson({ command, args, planHash, rollout });
  return `a.${world.crypto.sha256(`signalbox-action-v1\0${text}`).slice(0, 32)}`;
}
