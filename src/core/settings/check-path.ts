import { type Problem, problem } from './problem.ts';
import type { Settings } from './settings.ts';

/** Environments must form paths with a beginning: `after` may not lead in a circle. */
export function checkPath(settings: Settings): readonly Problem[] {
  const problems: Problem[] = [];
  for (const name of Object.keys(settings.environments).sort()) {
    const circle = circleThrough(settings, name);
    // Each circle is told once, at its first environment by name.
    if (circle === null || [...circle].sort()[0] !== name) continue;
    problems.push(
      problem(
        ['environments', name, 'after'],
        settings.environments[name]?.after,
        `a path with a beginning, and this one runs in a circle: ${[...circle, name].join(' after ')}`,
      ),
    );
  }
  return problems;
}

function circleThrough(settings: Settings, start: string): readonly string[] | null {
  const walked = [start];
  for (;;) {
    const before = settings.environments[walked.at(-1) ?? '']?.after;
    if (before === start) return walked;
    if (before === undefined || walked.includes(before)) return null;
    walked.push(before);
  }
}
