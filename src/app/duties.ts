import type { Aim } from '#core/alerts/alert.ts';
import type { Clock } from '#ports/clock.ts';
import type { OnCall, OnCallAnswer } from '#ports/on-call.ts';
import type { Duty } from '#ports/reader.ts';

/** An answer is good for so long: pages ask often, and schedules turn rarely. */
const freshMs = 60_000;
/** Services that are asked about; a schedule's service has limits of its own. */
const most = 20;

/** Who is on call for these places, services with the same people together. Never throws. */
export type ReadDuties = (about: readonly Aim[]) => Promise<readonly Duty[] | null>;

/** Asks who is on call, each service once a minute at most. */
export function createDuties(clock: Clock, source: () => OnCall | null): ReadDuties {
  const known = new Map<string, { readonly asked: Promise<OnCallAnswer>; readonly at: number }>();

  function ask(onCall: OnCall, aim: Aim): Promise<OnCallAnswer> {
    const now = clock.now();
    const before = known.get(aim.service);
    if (before !== undefined && now - before.at < freshMs) return before.asked;
    const asked = onCall.who(aim);
    known.set(aim.service, { asked, at: now });
    return asked;
  }

  return async (about) => {
    const onCall = source();
    if (onCall === null) return null;
    const aims = [...new Map(about.map((aim) => [aim.service, aim])).values()].slice(0, most);
    const answers = await Promise.all(
      aims.map(async (aim) => ({ service: aim.service, answer: await ask(onCall, aim) })),
    );
    const duties = new Map<string, Duty>();
    for (const { service, answer } of answers) {
      const { people, because } = answer;
      const key = JSON.stringify([people, because]);
      const services = [...(duties.get(key)?.services ?? []), service];
      duties.set(key, { services, people, because });
    }
    return [...duties.values()];
  };
}
