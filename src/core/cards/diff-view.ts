import type { Line, View } from '#core/message.ts';
import type { Artifact } from '#core/release.ts';
import { sameArtifact } from '#core/same-artifact.ts';

/** What runs in a place, and what would come. */
export interface Difference {
  readonly service: string;
  readonly environment: string;
  readonly runs: Artifact | null;
  readonly comes: Artifact | null;
}

/** What would change in a place: the answer of `diff`. */
export function diffView(difference: Difference): View {
  const { service, environment, runs, comes } = difference;
  const said = words(difference);
  return {
    tone: 'neutral',
    title: `${service} in ${environment}`,
    summary: said,
    blocks: [
      { kind: 'text', line: [{ kind: 'strong', text: said }] },
      {
        kind: 'table',
        columns: [{ label: '' }, { label: 'Runs now' }, { label: 'Would come' }],
        rows: [
          [['Version'], [runs?.version ?? '–'], [comes?.version ?? '–']],
          [['Digest'], digest(runs), digest(comes)],
          [['Commit'], commit(runs), commit(comes)],
          [['Built'], built(runs), built(comes)],
        ],
      },
    ],
  };
}

function words({ service, environment, runs, comes }: Difference): string {
  if (comes === null) return `Nothing newer of ${service} waits before ${environment}.`;
  if (runs === null) return `${comes.version} would be the first release to ${environment}.`;
  if (sameArtifact(runs, comes)) {
    return runs.version === comes.version
      ? `${runs.version} already runs in ${environment}.`
      : `${comes.version} is the same artifact as ${runs.version}, which runs in ${environment}.`;
  }
  return `${comes.version} would take the place of ${runs.version}.`;
}

function digest(artifact: Artifact | null): Line {
  if (artifact === null) return ['–'];
  return [{ kind: 'code', text: artifact.digest.slice('sha256:'.length).slice(0, 12) }];
}

function commit(artifact: Artifact | null): Line {
  const id = artifact?.source?.commit;
  return id === undefined ? ['–'] : [{ kind: 'code', text: id.slice(0, 10) }];
}

function built(artifact: Artifact | null): Line {
  const at = artifact?.source?.builtAt;
  return at === undefined ? ['–'] : [{ kind: 'time', at, as: 'date' }];
}
