import { isZone } from '#core/calendar.ts';
import { type Problem, problem } from './problem.ts';
import type { FreezeWindow, Settings } from './settings.ts';

/** Windows need a zone that exists, times that exist, and an end after the beginning. */
export function checkFreezes(settings: Settings): readonly Problem[] {
  return Object.entries(settings.freezes).flatMap(([name, window]) => {
    const at = ['freezes', name];
    const zone = isZone(window.zone)
      ? []
      : [problem([...at, 'zone'], window.zone, 'an IANA time zone such as Europe/Berlin')];
    return [...zone, ...checkTimes(at, window)];
  });
}

function checkTimes(at: readonly string[], window: FreezeWindow): readonly Problem[] {
  if (window.kind === 'weekly') {
    const problems = (['from', 'until'] as const)
      .filter((edge) => !isClock(window[edge].time))
      .map((edge) =>
        problem([...at, edge, 'time'], window[edge].time, 'a time from 00:00 to 23:59'),
      );
    const same = window.from.day === window.until.day && window.from.time === window.until.time;
    if (same) problems.push(problem([...at, 'until'], window.until, 'another time than from'));
    return problems;
  }
  const problems = (['from', 'until'] as const)
    .filter((edge) => !isDateTime(window[edge]))
    .map((edge) => problem([...at, edge], window[edge], 'a date and time that exist'));
  if (problems.length === 0 && window.until <= window.from) {
    problems.push(problem([...at, 'until'], window.until, `a time after ${window.from}`));
  }
  return problems;
}

function isClock(time: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time);
}

function isDateTime(text: string): boolean {
  try {
    return Temporal.PlainDateTime.from(text, { overflow: 'reject' }).toString().startsWith(text);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
