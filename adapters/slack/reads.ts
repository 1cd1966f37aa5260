import { setTimeout as sleep } from 'node:timers/promises';
import { afterRefusal, type Budget, callableAt, charged, pruned } from '#core/delivery/budget.ts';
import { Fault } from '#core/fault.ts';
import type { Clock } from '#ports/clock.ts';
import { toFault } from './faults.ts';
import { type ReadMethod, readRate } from './read-rates.ts';

/** The time in which questions wait for their turn: the real one, or one that a test turns. */
export interface Pace extends Clock {
  /** Resolves when so many milliseconds have passed. */
  pause(ms: number): Promise<void>;
}

/** The real time. */
export function realPace(clock: Clock): Pace {
  return { now: clock.now, pause: (ms) => sleep(ms, undefined, { ref: false }) };
}

type Arguments = Readonly<Record<string, string | number | boolean>>;

/** One question to Slack. @throws what the SDK throws; Fault `chat.rate_limited` when its turn would come too late */
export type Ask = (method: ReadMethod, args: Arguments) => Promise<unknown>;

/**
 * Questions to Slack that change nothing, each method at its own pace. A question waits for its turn
 * instead of being refused; equal questions that wait are one call; every call is made after it was
 * asked for, so an answer is never older than its question.
 */
export interface Reads {
  /** For decisions: goes before everything that only shows something. */
  readonly decide: Ask;
  readonly show: Ask;
}

/** One call to be made, and who waits for it. */
interface Question {
  readonly args: Arguments;
  readonly deadline: number;
  urgent: boolean;
  readonly askers: {
    readonly resolve: (answer: unknown) => void;
    readonly reject: (e: unknown) => void;
  }[];
}

/** How long a question may wait for its turn, in milliseconds: a decision may take this long. */
const patienceMs = 30_000;

/** `send` makes one call, and repeats nothing that was refused for pace. */
export function createReads(send: Ask, pace: Pace): Reads {
  const lanes = new Map<ReadMethod, ReturnType<typeof createLane>>();

  /** The questions of one method. */
  function createLane(method: ReadMethod) {
    const rate = readRate(method);
    const rates = [rate];
    const waiting = new Map<string, Question>();
    const underWay = new Set<string>();
    let budget: Budget = new Map();
    let pumping = false;

    function ask(args: Arguments, urgent: boolean): Promise<unknown> {
      return new Promise((resolve, reject) => {
        const deadline = pace.now() + patienceMs;
        join(JSON.stringify(args), { args, deadline, urgent, askers: [{ resolve, reject }] });
        void pump();
      });
    }

    function join(key: string, question: Question): void {
      const known = waiting.get(key);
      if (known === undefined) return void waiting.set(key, question);
      known.urgent ||= question.urgent;
      known.askers.push(...question.askers);
    }

    /** Makes the calls that may be made, in turn, until none waits or all wait for their likes. */
    async function pump(): Promise<void> {
      if (pumping) return;
      pumping = true;
      for (let next = nextUp(); next !== undefined; next = nextUp()) {
        const now = pace.now();
        const at = callableAt(budget, rates, 0, now);
        if (at > now) {
          refuseLate(at);
          if (waiting.size > 0) await pace.pause(at - now);
          continue;
        }
        const [key, question] = next;
        waiting.delete(key);
        budget = pruned(charged(budget, rates, now), now);
        underWay.add(key);
        void call(key, question);
      }
      pumping = false;
    }

    /** What is asked for a decision first; of equal questions only one is under way. */
    function nextUp(): readonly [string, Question] | undefined {
      const ready = [...waiting].filter(([key]) => !underWay.has(key));
      return ready.find(([, { urgent }]) => urgent) ?? ready[0];
    }

    function refuseLate(at: number): void {
      for (const [key, { deadline, askers }] of waiting) {
        if (deadline >= at) continue;
        waiting.delete(key);
        const fault = tooLate(method, at - pace.now());
        for (const { reject } of askers) reject(fault);
      }
    }

    async function call(key: string, question: Question): Promise<void> {
      await send(method, question.args).then(
        (answer) => {
          for (const { resolve } of question.askers) resolve(answer);
        },
        (error: unknown) => failed(key, question, error),
      );
      underWay.delete(key);
      void pump();
    }

    /** A refusal for pace is no answer: the question waits until Slack takes it again. */
    function failed(key: string, question: Question, error: unknown): void {
      const fault = toFault(error, { kind: 'read', scope: rate.scope });
      if (!(fault instanceof Fault) || fault.code !== 'chat.rate_limited') {
        for (const { reject } of question.askers) reject(error);
        return;
      }
      const { retryAfterMs = 1_000 } = fault;
      budget = afterRefusal(
        budget,
        rates,
        { scope: undefined, retryAfterMs, jitter: 0 },
        pace.now(),
      );
      join(key, question);
    }

    return { ask };
  }

  function laneOf(method: ReadMethod) {
    const known = lanes.get(method) ?? createLane(method);
    lanes.set(method, known);
    return known;
  }

  return {
    decide: (method, args) => laneOf(method).ask(args, true),
    show: (method, args) => laneOf(method).ask(args, false),
  };
}

function tooLate(method: ReadMethod, retryAfterMs: number): Fault {
  return new Fault('chat.rate_limited', `Slack takes no more ${method} for a while`, {
    retryable: true,
    retryAfterMs,
  });
}
