import { noticeView } from '#core/cards/notice-view.ts';
import { refusalView } from '#core/cards/refusal-view.ts';
import type { Fault, FaultCode } from '#core/fault.ts';
import { type Refusal, refusal } from '#core/refusal.ts';
import type { Reply } from '#ports/gateway.ts';
import type { Answer } from './command.ts';

/** The reply of a command that did its work. */
export function answered(answer: Answer): Reply {
  return {
    visibility: answer.visibility ?? 'private',
    view: answer.view,
    refusal: null,
    rollout: answer.rollout ?? null,
    data: answer.data ?? null,
  };
}

/** The reply to somebody who was told no: to that person alone. */
export function refused(why: Refusal): Reply {
  return {
    visibility: 'private',
    view: refusalView(why),
    refusal: why,
    rollout: null,
    data: null,
  };
}

/** The word to somebody whose command cannot be decided yet: the decision follows. */
export const checking: Reply = {
  visibility: 'private',
  view: noticeView({
    tone: 'waiting',
    title: 'Checking…',
    said: 'Whether you may do this is still being checked.',
    more: [['Nothing is lost, and there is nothing to press again: the answer follows here.']],
  }),
  refusal: null,
  rollout: null,
  data: null,
};

/** The area of a fault's code, as people call it. */
const areas: Readonly<Record<string, string>> = {
  store: 'its database',
  queue: 'its queue',
  target: 'a delivery target',
  metrics: 'the metrics source',
  registry: 'the registry',
  directory: 'the directory of members',
  chat: 'the chat platform',
};

/** What a fault means to the person who asked. */
export function unavailable(fault: Fault): Refusal {
  return refusal(
    'system.unavailable',
    `Signalbox cannot reach ${outOfReach(fault.code)} (${fault.code}). Nothing was done.`,
    fault.retryable ? 'Try again in a moment.' : 'Somebody has to look at it first.',
  );
}

/** A command that arrived while Signalbox was away, for too long to be still meant. */
export function tooLate(ageSeconds: number): Refusal {
  return refusal(
    'system.unavailable',
    `The command arrived ${Math.round(ageSeconds / 60)} minutes ago, while Signalbox was away. Nothing was done.`,
    'Ask again if it is still meant.',
  );
}

/** Signalbox itself is at fault. */
export function incident(id: string, done: boolean): Refusal {
  return refusal(
    'system.incident',
    `Signalbox made a mistake, recorded as incident ${id}. ${done ? 'The command was carried out; only its answer is missing.' : 'Nothing was done.'}`,
    done ? 'See status.' : 'Tell the people who run Signalbox this number.',
  );
}

/** Nothing is done while the history is in doubt. */
export function halted(because: string): Refusal {
  return refusal(
    'system.halted',
    `Signalbox has halted: ${because}`,
    'The people who run Signalbox must look at the history first: signalbox audit verify.',
  );
}

/** The delivery was stored before. */
export const duplicate: Refusal = refusal(
  'command.duplicate',
  'This very command was already received and is answered once.',
  'Nothing needs to be done.',
);

function outOfReach(code: FaultCode): string {
  return areas[code.split('.')[0] ?? ''] ?? 'something that it needs';
}
