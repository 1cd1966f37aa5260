import type { Line, View } from '#core/message.ts';
import type { Artifact } from '#core/release.ts';

/** What each target of a place runs, beside what was released there. */
export interface DriftAnswer {
  readonly service: string;
  readonly environment: string;
  readonly ledger: Artifact | null;
  readonly targets: readonly {
    readonly target: string;
    readonly runs: Artifact | null;
    readonly differences: readonly string[];
    readonly unreachable: string | null;
  }[];
}

/** Whether what runs is what was released: the answer of `drift`. */
export function driftView(answer: DriftAnswer): View {
  const { service, environment, targets } = answer;
  const drifted = targets.filter(({ differences }) => differences.length > 0);
  const silent = targets.filter(({ unreachable }) => unreachable !== null);
  const said = summary(drifted.length, silent.length);
  return {
    tone: drifted.length > 0 ? 'warning' : silent.length > 0 ? 'neutral' : 'success',
    title: `${service} in ${environment}`,
    summary: said,
    blocks: [
      { kind: 'text', line: [{ kind: 'strong', text: said }] },
      {
        kind: 'table',
        columns: [{ label: 'Target' }, { label: 'Runs' }, { label: 'Differs' }],
        rows: targets.map(({ target, runs, differences, unreachable }): readonly Line[] => [
          [target],
          [runs?.version ?? '–'],
          [unreachable ?? (differences.length === 0 ? 'no' : differences.join(' '))],
        ]),
      },
    ],
  };
}

function summary(drifted: number, silent: number): string {
  const asked = silent === 0 ? '' : ` ${silent} could not be asked.`;
  if (drifted === 0) return `What runs is what was released.${asked}`;
  const subject = drifted === 1 ? 'One target differs' : `${drifted} targets differ`;
  return `${subject} from what was released.${asked}`;
}
