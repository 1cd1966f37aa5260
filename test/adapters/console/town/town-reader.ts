import { readRolloutEvent } from '#app/rollout/trust-boundary.ts';
import { alertsIn } from '#core/alerts/place-alerts.ts';
import { needsPerson } from '#core/cards/board-view.ts';
import { postmortemView } from '#core/cards/postmortem-view.ts';
import { toldLook } from '#core/cards/told-look.ts';
import { deploymentsOf } from '#core/figures/deployments.ts';
import { recordOf } from '#core/figures/release-record.ts';
import { postmortemMarkdown } from '#core/postmortem/markdown.ts';
import { postmortemOf } from '#core/postmortem/postmortem.ts';
import { ended } from '#core/rollout/state.ts';
import type { BoardPlace, Reader } from '#ports/reader.ts';
import { linus } from './people.ts';
import { artifact } from './story.ts';
import type { Town } from './town.ts';
import { townAlerts, townGroups } from './town-alerts.ts';
import { townSettings } from './town-settings.ts';

/** A reader over a town. */
export function createTownReader(town: Town): Reader {
  function place(service: string, environment: string): BoardPlace {
    const own = town
      .states()
      .filter((state) => state.service === service && state.environment === environment);
    const live = own.find((state) => state.phase === 'succeeded');
    const open = own.filter((state) => !ended(state.phase)).toReversed();
    const [rollout = null, ...queued] = open;
    const locked = service === 'search' && environment === 'production';
    const below = town
      .states()
      .find(
        (state) =>
          state.service === service &&
          state.environment === 'staging' &&
          state.phase === 'succeeded',
      );
    const runs = live?.artifact ?? artifact(service, 'v1');
    const promotable =
      environment === 'production' && below !== undefined && below.artifact.digest !== runs.digest
        ? below.artifact
        : null;
    return {
      service,
      environment,
      production: environment === 'production',
      runs,
      since: live?.endedAt ?? town.clock.now() - 6 * 86_400_000,
      by: live?.requester.displayName ?? 'Mary Jackson',
      rollout,
      queue: queued.map((state) => ({
        rollout: state.id,
        version: state.artifact.version,
        by: state.requester.displayName,
      })),
      place: {
        service,
        environment,
        lock: locked
          ? {
              by: linus,
              reason: 'Index rebuild, back at five',
              since: town.clock.now() - 3_600_000,
              until: town.clock.now() + 2 * 3_600_000,
              rollout: null,
            }
          : null,
        holds: [],
        settled: [],
        watchers: [],
      },
      frozen: null,
      alerts: alertsIn(
        townGroups(town).map(({ group }) => group),
        { service, environment },
      ),
      drift:
        service === 'search' && environment === 'staging'
          ? { detail: 'v8 runs there (8c9623d7c55a).', asOf: town.clock.now() }
          : null,
      promotable,
    };
  }

  return {
    mayView: async () => null,
    approvals: async () => [],
    async *exportHistory() {
      yield '{"format":"signalbox-ledger-1"}';
    },
    prove: async (seq) => ({ seq, size: seq + 3, holds: true, proof: { seq } }),
    async board() {
      const environments = ['staging', 'production'];
      return {
        environments,
        places: Object.keys(townSettings.services).flatMap((service) =>
          environments.map((environment) => place(service, environment)),
        ),
        freezes: { active: [] },
      };
    },
    async attention() {
      const open = town.states().filter(({ phase }) => !ended(phase));
      const places = ['search', 'shop', 'checkout'].map((name) => place(name, 'production'));
      return {
        alerts: townAlerts(town),
        waiting: open.filter(needsPerson).map((state) => ({ state, card: town.card(state.id) })),
        underWay: open.filter((state) => !needsPerson(state)),
        held: places.filter((one) => one.place.lock !== null),
        freezes: { active: [], next: 1 },
        duty: [
          { services: ['checkout', 'shop'], people: ['Linus Pauling'], because: 'by PagerDuty' },
          { services: ['search'], people: [], because: 'PagerDuty names nobody' },
        ],
      };
    },
    async rollout(id) {
      const state = town.states().find((one) => one.id === id);
      if (state === undefined) return null;
      return town.store.transact(async (tx) => {
        const { size, root } = await tx.head();
        return {
          state,
          events: await tx.events({ stream: `rollout:${id}` }),
          card: town.card(id),
          analysis: townSettings.analyses['standard'] ?? null,
          verdicts: toldLook(state),
          troubles: [],
          history: { size, root },
        };
      });
    },
    async postmortem(id) {
      const state = town.states().find((one) => one.id === id);
      if (state === undefined) return null;
      const events = await town.store.transact((tx) => tx.events({ stream: `rollout:${id}` }));
      const story = postmortemOf({
        state,
        events: events.map(({ seq, at, actor, body }) => ({
          seq,
          at,
          actor,
          event: readRolloutEvent(body),
        })),
        deployment:
          deploymentsOf(town.states().map(recordOf), [], { hotfixMs: 86_400_000 }).find(
            ({ record }) => record.rollout === id,
          ) ?? null,
        successor: null,
        troubles: [],
        before: null,
      });
      return {
        view: postmortemView(story, townSettings.analyses['standard'] ?? null),
        markdown: postmortemMarkdown(story),
      };
    },
    async figures({ days }) {
      const to = town.clock.now();
      return {
        records: town.states().map(recordOf),
        alerts: [],
        window: { from: to - days * 86_400_000, to },
        rules: { zone: 'UTC', hotfixMs: 86_400_000 },
      };
    },
    async rollouts({ text, limit, service, environment, beforeId }) {
      const all = town
        .states()
        .filter((state) => service === undefined || state.service === service)
        .filter((state) => environment === undefined || state.environment === environment)
        .filter((state) => text === undefined || JSON.stringify(state).includes(text))
        .toSorted((a, b) => b.requestedAt - a.requestedAt);
      const from = beforeId === undefined ? 0 : all.findIndex(({ id }) => id === beforeId) + 1;
      return all.slice(from, from + limit);
    },
  };
}
