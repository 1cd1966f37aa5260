import { postmortemView } from '#core/cards/postmortem-view.ts';
import { releaseCard } from '#core/cards/release-card.ts';
import { toldLook } from '#core/cards/told-look.ts';
import type { Account, Actor } from '#core/people.ts';
import { postmortemMarkdown } from '#core/postmortem/markdown.ts';
import type { Result } from '#core/result.ts';
import { environmentOrder } from '#core/settings/lookup.ts';
import type { OnCall } from '#ports/on-call.ts';
import type { Reader } from '#ports/reader.ts';
import { readWatchOf } from './alerts/watch-stream.ts';
import { analysisOf } from './analysis-of.ts';
import { readAttention } from './attention.ts';
import type { Authority } from './authority.ts';
import { readBoard } from './board.ts';
import { cardContext } from './card-actions.ts';
import { readFreezes } from './change-freezes.ts';
import { nowhere } from './command.ts';
import { createDriftWatch } from './drift-watch.ts';
import { createDuties } from './duties.ts';
import { readFigures } from './figures/read-figures.ts';
import { ownApprovals } from './own-approvals.ts';
import { pastRollouts } from './past-rollouts.ts';
import { readPostmortem } from './postmortem/read-postmortem.ts';
import { replacedBy } from './replaced-by.ts';
import { rolloutStream } from './rollout/rollout-stream.ts';
import type { Rollouts } from './rollouts.ts';
import type { World } from './world.ts';

/** Events of one rollout that a page shows. */
const shownEvents = 5000;

/** What doors may show of the state. Each answer is one consistent view. */
export function createReader(
  world: World,
  rollouts: Rollouts,
  authority: Pick<Authority, 'identify' | 'authorise' | 'standing'>,
  history: Pick<Reader, 'exportHistory' | 'prove'>,
  onCall: () => OnCall | null,
): Reader {
  const drift = createDriftWatch(world);
  const duties = createDuties(world.clock, onCall);

  function identify(account: Account, displayName: string): Promise<Result<Actor>> {
    return authority.identify({
      source: account.platform,
      deliveryId: '',
      account,
      displayName,
      excluded: [],
      channel: null,
      replyTo: null,
      content: { kind: 'command', text: 'status' },
      receivedAt: world.clock.now(),
    });
  }

  return {
    exportHistory: history.exportHistory,
    prove: history.prove,
    async mayView(account, displayName) {
      const actor = await identify(account, displayName);
      if (!actor.ok) return actor.refusal;
      const may = await authority.authorise(actor.value, 'view', nowhere, false);
      return may.ok ? null : may.refusal;
    },
    async approvals(account, displayName) {
      const actor = await identify(account, displayName);
      if (!actor.ok) return [];
      const open = await world.store.transact((tx) => rollouts.open(tx));
      return ownApprovals(world, authority, actor.value, open);
    },
    async board() {
      const snapshot = world.settings();
      const board = await world.store.transact(async (tx) => ({
        environments: environmentOrder(snapshot.settings),
        places: await readBoard(tx, snapshot, rollouts),
        freezes: await readFreezes(tx),
      }));
      const places = board.places.map((place) => ({ ...place, drift: drift.of(place) }));
      return { ...board, places };
    },
    async attention() {
      const { settings, lookup } = world.settings();
      const found = await world.store.transact((tx) => readAttention(tx, world, rollouts));
      const urgent = [...found.alerts.flatMap(({ places }) => places), ...found.underWay];
      const all = Object.keys(settings.services)
        .sort()
        .flatMap((service) => {
          const environment = lookup.path(service).at(-1);
          return environment === undefined ? [] : [{ service, environment }];
        });
      return { ...found, duty: await duties([...urgent, ...all]) };
    },
    rollout(id) {
      return world.store.transact(async (tx) => {
        const state = await rollouts.read(tx, id);
        if (state === null) return null;
        const events = await tx.events({ stream: rolloutStream(id), limit: shownEvents });
        const { size, root } = await tx.head();
        return {
          state,
          events,
          card: releaseCard(state, cardContext(world, tx.now), await replacedBy(tx, state)),
          analysis: analysisOf(world, state),
          verdicts: toldLook(state),
          troubles: (await readWatchOf(tx, id))?.troubles ?? [],
          history: { size, root },
        };
      });
    },
    postmortem(id) {
      return world.store.transact(async (tx) => {
        const state = await rollouts.read(tx, id);
        if (state === null) return null;
        const story = await readPostmortem(tx, world.settings(), rollouts, state);
        return {
          view: postmortemView(story, analysisOf(world, state)),
          markdown: postmortemMarkdown(story),
        };
      });
    },
    figures: (query) => world.store.transact((tx) => readFigures(tx, world.settings(), query)),
    rollouts: (query) => world.store.transact((tx) => pastRollouts(tx, query)),
  };
}
