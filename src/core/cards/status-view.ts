import type { PlaceAlert } from '#core/alerts/place-alerts.ts';
import { type Instant, placeId } from '#core/ids.ts';
import type { Block, Line, View } from '#core/message.ts';
import type { Actor } from '#core/people.ts';
import type { Artifact } from '#core/release.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { outageLine } from './outage-line.ts';
import { outageOf, standing } from './standing.ts';

/** What is known of one service in one environment. */
export interface PlaceStatus {
  readonly service: string;
  readonly environment: string;
  readonly runs: Artifact | null;
  readonly since: Instant | null;
  readonly rollout: RolloutState | null;
  readonly queue: readonly unknown[];
  readonly place: {
    readonly lock: {
      readonly by: Actor;
      readonly reason: string;
      readonly until: Instant | null;
    } | null;
  };
  readonly frozen: { readonly reason: string; readonly until: Instant | null } | null;
  /** The worst first. */
  readonly alerts: readonly PlaceAlert[];
}

/** What runs where, and what is on its way: the answer of `status`. */
export function statusView(places: readonly PlaceStatus[]): View {
  const busy = places.filter(({ rollout }) => rollout !== null).length;
  const ringing = places.filter(({ alerts }) => alerts.length > 0).length;
  const alarm = ringing === 0 ? '' : `, ${ringing} with an alert`;
  const summary = `${places.length} ${places.length === 1 ? 'place' : 'places'}, ${busy} with a release on the way${alarm}`;
  return {
    tone: ringing > 0 ? 'danger' : 'neutral',
    title: 'Status',
    summary,
    blocks: [
      {
        kind: 'table',
        columns: [
          { label: 'Service' },
          { label: 'Environment' },
          { label: 'Runs' },
          { label: 'Since' },
          { label: 'Now' },
        ],
        rows: places.map(row),
      },
      ...places.flatMap(outages),
    ],
  };
}

/** What a release waits for stands below the table: a cell would cut it short. */
function outages({ service, environment, rollout }: PlaceStatus): readonly Block[] {
  const outage = rollout === null ? null : outageOf(rollout);
  if (outage === null) return [];
  return [{ kind: 'text', line: [`${placeId(service, environment)}: `, ...outageLine(outage)] }];
}

function row(place: PlaceStatus): readonly Line[] {
  return [
    [place.service],
    [place.environment],
    [place.runs === null ? '–' : { kind: 'strong', text: place.runs.version }],
    [place.since === null ? '–' : { kind: 'time', at: place.since, as: 'relative' }],
    [...alarm(place.alerts), ...now(place)],
  ];
}

/** The worst that fires here, before everything else. */
function alarm(alerts: readonly PlaceAlert[]): Line {
  const [first, ...others] = alerts;
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return [
    { kind: 'strong', text: `Alert: ${first.title}${more}` },
    ' since ',
    { kind: 'time', at: first.since, as: 'clock' },
    '. ',
  ];
}

function now(place: PlaceStatus): Line {
  const queued = place.queue.length === 0 ? '' : `, ${place.queue.length} queued`;
  const closed = closedBy(place);
  if (place.rollout !== null) {
    const stands = `${place.rollout.artifact.version}: ${standing(place.rollout)}${queued}`;
    return closed.length === 0 ? [stands] : [`${stands}; `, ...closed];
  }
  if (closed.length > 0) return closed;
  if (queued !== '') return [queued.slice(2)];
  return [place.alerts.length === 0 ? '–' : 'Nothing is on its way.'];
}

/** Who or what keeps releases out, whether one is on its way or not. */
function closedBy({ place, frozen }: PlaceStatus): Line {
  const { lock } = place;
  if (lock !== null) {
    return [`locked by ${lock.by.displayName}: ${lock.reason}`, ...until(lock.until)];
  }
  return frozen === null ? [] : [`frozen: ${frozen.reason}`, ...until(frozen.until)];
}

function until(at: Instant | null): Line {
  return at === null ? [] : [' until ', { kind: 'time', at, as: 'date' }];
}
