import type { Work } from './rollout/next.ts';
import type { TargetChange } from './target-state.ts';

// Records, not lists: a new kind of change or work does not compile until it has its failpoints.
const changes: Readonly<Record<TargetChange['kind'], true>> = {
  prepare: true,
  shift: true,
  promote: true,
  retire: true,
  replace: true,
  restore: true,
  run: true,
};
const works: Readonly<Record<Work['kind'], true>> = {
  wait: true,
  record: true,
  plan: true,
  gates: true,
  converge: true,
  look: true,
  back: true,
  settle: true,
};

type Around<Name extends string> = `before-${Name}` | `after-${Name}`;

/** The points before and after every effect and every commit. */
export type FailpointName =
  | Around<`target-${TargetChange['kind']}`>
  | Around<`record-${Work['kind']}`>
  | Around<'commit' | 'send'>;

function around<Name extends string>(name: Name): readonly Around<Name>[] {
  return [`before-${name}`, `after-${name}`];
}

function kinds<Kind extends string>(record: Readonly<Record<Kind, true>>): readonly Kind[] {
  const names: Kind[] = [];
  for (const kind in record) names.push(kind);
  return names;
}

/** All failpoints: the crash test ends a process at each. */
export const failpointNames: readonly FailpointName[] = [
  ...around('commit'),
  ...around('send'),
  ...kinds(changes).flatMap((kind) => around(`target-${kind}`)),
  ...kinds(works).flatMap((kind) => around(`record-${kind}`)),
];
