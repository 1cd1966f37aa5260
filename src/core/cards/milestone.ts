import { formatDuration } from '#core/duration.ts';
import type { Block, Line, Tone, View } from '#core/message.ts';
import type { Actor } from '#core/people.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { clockTime } from '#core/when.ts';
import { changesBlocks } from './changes-view.ts';
import { closed, firstSentence, sentence } from './sentence.ts';
import { backAfter, outageWords, pauseWords, subjectOf, tookWords, wayBack } from './standing.ts';
import { stepWords } from './step-words.ts';
import { explanations } from './verdict-table.ts';

interface Told {
  readonly tone: Tone;
  /** The one sentence. */
  readonly line: Line;
  readonly more?: readonly Block[];
}

/**
 * The note that an event leaves in the release's thread, or null when the card says enough.
 * `state` is the rollout after the event. A note is final: it is never edited.
 */
export function noteFor(event: RolloutEvent, state: RolloutState): View | null {
  const told = tell(event, state);
  if (told === null) return null;
  return {
    tone: told.tone,
    title: subjectOf(state),
    summary: told.line.map(spoken).join(''),
    blocks: [{ kind: 'text', line: told.line }, ...(told.more ?? [])],
  };
}

function tell(event: RolloutEvent, state: RolloutState): Told | null {
  const version = state.artifact.version;
  switch (event.kind) {
    case 'rollout.requested':
    case 'plan.made':
    case 'changes.noted':
    case 'gates.evaluated':
    case 'rollout.queued':
    case 'step.started':
    case 'step.noted':
    case 'abort.stepped':
    case 'outage.begun':
      return null;
    case 'plan.voided':
      return {
        tone: 'warning',
        line: [`The plan no longer fits: ${closed(event.because)} Approvals of it are void.`],
      };
    case 'approval.given':
      return {
        tone: 'success',
        line: [who(event.by), ` approved ${version} as ${event.role}`, said(event.comment)],
      };
    case 'approval.denied':
      return { tone: 'warning', line: [who(event.by), ` denied ${version}`, said(event.comment)] };
    case 'approval.revoked':
      return {
        tone: 'warning',
        line: ['The approval of ', who(event.by), ` no longer counts: ${closed(event.because)}`],
      };
    case 'rollout.started':
      return { tone: 'progress', line: [`${version} is on its way to ${state.environment}.`] };
    case 'step.finished':
      return finished(event.step, event.note, state);
    case 'step.failed':
      return {
        tone: event.outcome === 'failed' ? 'danger' : 'warning',
        line: [
          { kind: 'strong', text: named(event.step, state) },
          ` ${event.outcome}: ${closed(event.note)}`,
        ],
      };
    case 'step.skipped':
      return {
        tone: 'warning',
        line: [who(event.by), ` skipped “${named(event.step, state)}”`, said(event.reason)],
      };
    case 'weight.shifted':
      return {
        tone: 'progress',
        line: [`${version} now has ${event.weight} % of traffic${on(event.target, state)}.`],
      };
    case 'analysis.judged':
      return judged(event);
    case 'rollout.paused':
      return paused(event, state);
    case 'rollout.resumed':
      return { tone: 'progress', line: [who(event.by), ` resumed ${version}`, said(event.reason)] };
    case 'hold.advanced':
      return {
        tone: 'progress',
        line: [who(event.by), ` advanced ${version}`, said(event.reason)],
      };
    case 'rollback.announced':
      return {
        tone: 'danger',
        line: [
          `${wayBack(state)} begins at `,
          { kind: 'time', at: event.at, as: 'clock' },
          ` unless somebody stops it: ${closed(firstSentence(event.cause.detail))}`,
        ],
      };
    case 'alert.stamped':
      return {
        tone: 'warning',
        line: [
          'Alert ',
          { kind: 'strong', text: event.name },
          `${event.severity === '' ? '' : ` (${event.severity})`} about ${state.service} began at `,
          { kind: 'time', at: event.startsAt, as: 'clock' },
          '.',
        ],
      };
    case 'alert.cleared':
      return {
        tone: 'neutral',
        line: [`${alertName(state, event.alert)}: ${closed(event.because)}`],
      };
    case 'outage.over':
      return outageOver(event);
    case 'rollback.stopped':
      return {
        tone: 'warning',
        line: [who(event.by), ' stopped the rollback', said(event.reason)],
      };
    default:
      return tellOfTheEnd(event, state);
  }
}

type EndEvent = Extract<
  RolloutEvent,
  {
    kind:
      | 'abort.begun'
      | 'rollout.stuck'
      | 'rollout.succeeded'
      | 'rollout.rolled_back'
      | 'rollout.cancelled'
      | 'rollout.expired'
      | 'rollout.superseded'
      | 'override.used'
      | 'override.reviewed';
  }
>;

function tellOfTheEnd(event: EndEvent, state: RolloutState): Told {
  const { environment } = state;
  const { version } = state.artifact;
  const took = tookWords(state);
  switch (event.kind) {
    case 'abort.begun':
      return {
        tone: 'danger',
        line: [`${wayBack(state)} has begun: ${closed(firstSentence(event.cause.detail))}`],
      };
    case 'rollout.stuck':
      return {
        tone: 'danger',
        line: [{ kind: 'strong', text: 'A person is needed' }, `: ${closed(event.because)}`],
      };
    case 'rollout.succeeded':
      return {
        tone: 'success',
        line: [
          { kind: 'strong', text: `${version} is live in ${environment}` },
          took === null ? '.' : `, after ${took}.`,
        ],
        more: changesBlocks(state),
      };
    case 'rollout.rolled_back':
      return {
        tone: 'warning',
        line: [{ kind: 'strong', text: backWords(event, state) }, `${backAfter(state)}.`],
      };
    case 'rollout.cancelled':
      return {
        tone: 'neutral',
        line: [who(event.by), ` cancelled ${version}`, said(event.reason)],
      };
    case 'rollout.expired':
      return { tone: 'neutral', line: [`The request expired: ${closed(event.because)}`] };
    case 'rollout.superseded':
      return { tone: 'neutral', line: [`${event.by} took the place of this release.`] };
    case 'override.used':
      return {
        tone: 'danger',
        line: [
          { kind: 'strong', text: 'Break-glass' },
          ' by ',
          who(event.by),
          ` past ${event.gates.join(', ')}: ${closed(event.reason)} A second person must review it.`,
        ],
      };
    case 'override.reviewed':
      return {
        tone: 'neutral',
        line: [who(event.by), ' reviewed the break-glass', said(event.comment)],
      };
  }
}

function backWords(
  { to, kept = [] }: Extract<EndEvent, { kind: 'rollout.rolled_back' }>,
  { artifact, environment }: RolloutState,
): string {
  const back = `${environment} is back on ${to?.version ?? 'nothing'}`;
  if (kept.length === 0) return back;
  return `${back}, except for ${kept.join(', ')}: ${artifact.version} stays there`;
}

/** The card says it while it lasts; a short one is no news afterwards. */
function outageOver(event: Extract<RolloutEvent, { kind: 'outage.over' }>): Told | null {
  if (event.seconds < 60) return null;
  const lasted = formatDuration(event.seconds);
  return {
    tone: 'neutral',
    line: [sentence(`${outageWords(event)} answers again, after ${lasted}`)],
  };
}

/** Only steps whose end is news: shifts are told as weights, and pauses by themselves. */
function finished(index: number, note: string, state: RolloutState): Told | null {
  const step = state.plan?.steps[index];
  if (step === undefined || step.kind === 'shift' || step.kind === 'hold' || step.kind === 'bake') {
    return null;
  }
  const done = named(index, state);
  return {
    tone: 'progress',
    line: note === '' ? [`${done}: done.`] : [`${done}: ${closed(note)}`],
  };
}

function judged({ judgement }: Extract<RolloutEvent, { kind: 'analysis.judged' }>): Told | null {
  if (judgement.action === 'go_on' || judgement.action === 'extend') return null;
  return {
    tone: judgement.action === 'pause' ? 'warning' : 'danger',
    line: [{ kind: 'strong', text: firstSentence(judgement.summary) }],
    more: explanations(judgement),
  };
}

function paused(
  event: Extract<RolloutEvent, { kind: 'rollout.paused' }>,
  state: RolloutState,
): Told {
  if (event.reason === 'operator') {
    return {
      tone: 'warning',
      line: [who(event.by), ` paused ${state.artifact.version}`, said(event.detail)],
    };
  }
  return {
    tone: event.reason === 'hold_step' ? 'waiting' : 'warning',
    line: [{ kind: 'strong', text: pauseWords(event.reason) }, said(event.detail)],
  };
}

function alertName(state: RolloutState, alert: string): string {
  return state.alerts?.find((one) => one.alert === alert)?.name ?? 'Alert';
}

function named(index: number, state: RolloutState): string {
  const step = state.plan?.steps[index];
  return step === undefined || state.plan === null
    ? `Step ${index + 1}`
    : stepWords(step, state.plan);
}

function on(target: string, state: RolloutState): string {
  return (state.plan?.targets.length ?? 0) > 1 ? ` on ${target}` : ` in ${state.environment}`;
}

function who(actor: Actor): Exclude<Line[number], string> {
  return actor.person === 'signalbox'
    ? { kind: 'strong', text: actor.displayName }
    : { kind: 'person', account: actor.account, name: actor.displayName };
}

function said(comment: string): string {
  return comment === '' ? '.' : `: ${closed(comment)}`;
}

function spoken(span: Line[number]): string {
  if (typeof span === 'string') return span;
  if (span.kind === 'person' || span.kind === 'group') return span.name;
  return span.kind === 'time' ? clockTime(span.at, 'UTC') : span.text;
}
