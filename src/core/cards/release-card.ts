import { intervalPicture } from '#core/analysis/picture.ts';
import { formatDuration } from '#core/duration.ts';
import type { Instant, RolloutId } from '#core/ids.ts';
import type { Block, Field, Line, View } from '#core/message.ts';
import type { Plan } from '#core/plan.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import { actionsFor, highestWeight, shortHash } from './actions.ts';
import { buttonOf, type CardContext, releaseSpan } from './card-context.ts';
import { changesField } from './changes-view.ts';
import { gateLines } from './gate-lines.ts';
import { outageLine } from './outage-line.ts';
import { closed, lowerFirst, sentence } from './sentence.ts';
import { outageOf, standing, subjectOf, toneOf, tookWords } from './standing.ts';
import { stepLines } from './step-lines.ts';

/** What took the place of a release that was live, and when. */
export interface Replaced {
  readonly rollout: RolloutId;
  readonly version: string;
  readonly at: Instant;
}

/**
 * The one message of a release in its channel, edited in place: what, from and to, who asked, where
 * it stands, what it waits for, and what a person may do about it. Everything else is in its thread.
 */
export function releaseCard(
  state: RolloutState,
  context: CardContext,
  replaced: Replaced | null = null,
): View {
  const title = subjectOf(state);
  const stands = replaced === null ? standing(state) : lived(state, replaced);
  return {
    tone: replaced === null ? toneOf(state) : 'neutral',
    title,
    summary: `${title}: ${lowerFirst(stands)}`,
    blocks: [
      {
        kind: 'text',
        line: replaced === null ? headline(state, stands) : successor(replaced, stands, context),
      },
      ...outage(state),
      ...countdown(state),
      ...progress(state),
      ...waiting(state),
      ...steps(state),
      ...verdict(state),
      ...alerts(state),
      ...picture(state),
      { kind: 'fields', fields: facts(state) },
      ...breakGlass(state),
      ...(replaced === null ? buttons(state, context) : []),
      { kind: 'note', line: footer(state, context) },
    ],
  };
}

function lived({ artifact, endedAt }: RolloutState, { at }: Replaced): string {
  return `${artifact.version} was live for ${formatDuration((at - (endedAt ?? at)) / 1000)}`;
}

function successor(
  { rollout, version }: Replaced,
  stands: string,
  { consoleUrl }: CardContext,
): Line {
  const named = releaseSpan(rollout, consoleUrl, { linked: rollout, plain: rollout });
  return [{ kind: 'strong', text: stands }, '; then ', named, ` brought ${version}.`];
}

function headline(state: RolloutState, stands: string): Line {
  const strong = { kind: 'strong', text: stands } as const;
  const took = tookWords(state);
  switch (state.phase) {
    case 'paused':
      return state.pause === null || state.pause.detail === ''
        ? [strong]
        : [strong, `. ${sentence(state.pause.detail)}`];
    case 'stuck':
      return state.stuck === null ? [strong] : [strong, `. ${sentence(state.stuck)}`];
    case 'aborting':
    case 'rolled_back':
      return state.abort === null ? [strong] : [strong, `. ${sentence(state.abort.cause.detail)}`];
    case 'succeeded':
      return took === null ? [strong] : [strong, ` in ${state.environment} after ${took}`];
    case 'cancelled':
    case 'expired':
    case 'superseded':
      return state.endedBecause === undefined
        ? [strong]
        : [strong, `. ${sentence(state.endedBecause)}`];
    default:
      return [strong];
  }
}

/** What is out of reach, why, and since when: the release is not forgotten, it is tried again. */
function outage(state: RolloutState): readonly Block[] {
  const found = outageOf(state);
  return found === null ? [] : [{ kind: 'text', line: outageLine(found) }];
}

function countdown(state: RolloutState): readonly Block[] {
  if (state.countdown === null || ended(state.phase)) return [];
  const { at, cause } = state.countdown;
  return [
    {
      kind: 'text',
      line: [
        'Begins ',
        { kind: 'time', at, as: 'relative' },
        ', at ',
        { kind: 'time', at, as: 'clock' },
        `, unless somebody stops it. ${sentence(cause.detail)}`,
      ],
    },
  ];
}

function progress(state: RolloutState): readonly Block[] {
  if (state.startedAt === null || ended(state.phase)) return [];
  const shares = Object.entries(state.weights);
  if (shares.length === 0) return [];
  const targets = state.plan?.targets.length ?? shares.length;
  const mean = shares.reduce((sum, [, weight]) => sum + weight, 0) / Math.max(1, targets);
  const label = `Traffic to ${state.artifact.version}`;
  const spread = targets > 1 ? ` over ${targets} targets, at most ${highestWeight(state)} %` : '';
  return [{ kind: 'progress', label: `${label}${spread}`, percent: Math.round(mean) }];
}

function waiting(state: RolloutState): readonly Block[] {
  const asks = state.phase === 'waiting' || state.phase === 'planned' || state.phase === 'paused';
  if (!asks) return [];
  const lines = gateLines(state.gates?.outcomes ?? []);
  return lines.length === 0 ? [] : [{ kind: 'steps', steps: lines }];
}

function steps(state: RolloutState): readonly Block[] {
  if (state.startedAt === null || state.phase === 'succeeded') return [];
  const lines = stepLines(state);
  return lines.length === 0 ? [] : [{ kind: 'steps', steps: lines }];
}

function verdict(state: RolloutState): readonly Block[] {
  const last = state.looks.at(-1);
  const told = state.countdown !== null || state.abort !== null || ended(state.phase);
  if (last === undefined || told) return [];
  return [
    {
      kind: 'note',
      line: [
        last.judgement.summary,
        ' (',
        { kind: 'time', at: last.at, as: 'relative' },
        `, look ${last.judgement.look})`,
      ],
    },
  ];
}

/** Grouped, not hidden: what rang about the service while it was changed. */
function alerts(state: RolloutState): readonly Block[] {
  const rang = state.alerts ?? [];
  if (rang.length === 0) return [];
  const standing = rang.filter(({ cleared }) => cleared === null);
  const named = (standing.length > 0 ? standing : rang)
    .slice(0, 3)
    .map(({ name, severity }) => (severity === '' ? name : `${name} (${severity})`));
  const more = Math.max(standing.length, standing.length > 0 ? 0 : rang.length) - named.length;
  const words = `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const text = standing.length > 0 ? `Firing: ${words}.` : `Alerts during it, now over: ${words}.`;
  return [{ kind: 'note', line: [text] }];
}

/** What a machine or a person must decide upon: intervals against floors. */
function picture(state: RolloutState): readonly Block[] {
  const judgement = state.looks.at(-1)?.judgement;
  const undecided = state.countdown !== null || state.phase === 'paused';
  if (judgement === undefined || !undecided || judgement.action === 'go_on') return [];
  return [intervalPicture(judgement)].filter((block) => block !== null);
}

function facts(state: RolloutState): readonly Field[] {
  const { requester, plan } = state;
  return [
    ...(plan === null ? [] : [{ label: 'Change', value: [changeWords(plan)] }]),
    ...changesField(state),
    {
      label: 'Requested by',
      value: [{ kind: 'person', account: requester.account, name: requester.displayName }],
    },
    ...(state.reason === '' ? [] : [{ label: 'Reason', value: [state.reason] }]),
  ];
}

function changeWords({ artifact, previous }: Plan): string {
  return previous === null
    ? `first release: ${artifact.version}`
    : `${previous.version} → ${artifact.version}`;
}

function breakGlass(state: RolloutState): readonly Block[] {
  return state.overrides.map((used) => ({
    kind: 'text',
    line: [
      { kind: 'strong', text: 'Break-glass' },
      ` by ${used.by.displayName} past ${used.gates.join(', ')}: ${closed(used.reason)} `,
      used.reviewedBy === null
        ? 'A second person has yet to review it.'
        : `Reviewed by ${used.reviewedBy.displayName}.`,
    ],
  }));
}

function buttons(state: RolloutState, context: CardContext): readonly Block[] {
  const actions = actionsFor(state, context.now);
  if (actions.length === 0) return [];
  return [{ kind: 'buttons', buttons: actions.map((action) => buttonOf(action, context)) }];
}

function footer(state: RolloutState, context: CardContext): Line {
  const id = releaseSpan(state.id, context.consoleUrl);
  return state.planHash === null ? [id] : [id, ` · plan ${shortHash(state.planHash)}`];
}
