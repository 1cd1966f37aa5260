import type { Block, Button, View } from '#core/message.ts';
import type { Account } from '#core/people.ts';
import type { RolloutState } from '#core/rollout/state.ts';

/** One line of the environments: a service in an environment and what runs there. */
export interface HomePlace {
  readonly service: string;
  readonly environment: string;
  readonly version: string | null;
  readonly note: string;
}

/** A person's own page: what waits for their approval, their releases, and what runs where. */
export function homeView(home: {
  readonly account: Account;
  readonly open: readonly RolloutState[];
  /** The open releases that wait for this person's decision. */
  readonly approvals: readonly RolloutState[];
  readonly places: readonly HomePlace[];
  readonly command: string;
  /** What may be pressed here about a release, by its id. */
  readonly buttons?: ReadonlyMap<string, readonly Button[]>;
}): View {
  const { approvals: waiting } = home;
  const own = home.open.filter(({ requester }) => sameAccount(requester.account, home.account));
  return {
    tone: waiting.length > 0 ? 'waiting' : 'neutral',
    title: 'Releases',
    summary: `${waiting.length} waiting for your approval.`,
    blocks: [
      ...list('Waiting for your approval', waiting, 'Nothing waits for you.', home.buttons),
      ...list('Your releases', own, 'None of yours is under way.'),
      { kind: 'divider' },
      {
        kind: 'table',
        columns: [
          { label: 'Service' },
          { label: 'Environment' },
          { label: 'Runs' },
          { label: 'Now' },
        ],
        rows: home.places.map(({ service, environment, version, note }) => [
          [service],
          [environment],
          [version ?? 'nothing yet'],
          [note],
        ]),
      },
      {
        kind: 'note',
        line: ['Start one with ', { kind: 'code', text: `/${home.command} deploy` }],
      },
    ],
  };
}

/** True when the release goes on only after somebody approved. */
export function waitsForApproval({ phase, gates }: RolloutState): boolean {
  if (phase !== 'waiting' && phase !== 'paused') return false;
  return (
    gates?.outcomes.some(({ gate, verdict }) => gate === 'approval' && verdict === 'hold') ?? false
  );
}

function sameAccount(one: Account, other: Account): boolean {
  return one.platform === other.platform && one.tenant === other.tenant && one.user === other.user;
}

function list(
  title: string,
  rollouts: readonly RolloutState[],
  none: string,
  offered: ReadonlyMap<string, readonly Button[]> = new Map(),
): readonly Block[] {
  const head: Block = { kind: 'text', line: [{ kind: 'strong', text: title }] };
  if (rollouts.length === 0) return [head, { kind: 'note', line: [none] }];
  return [
    head,
    ...rollouts
      .slice(0, 10)
      .flatMap(({ id, service, artifact, environment, phase, requester }): readonly Block[] => {
        const buttons = offered.get(id) ?? [];
        const line = [
          { kind: 'code', text: id } as const,
          ` ${service} ${artifact.version} to ${environment}: ${phase}, asked by ${requester.displayName}`,
        ];
        return [
          { kind: 'text', line },
          ...(buttons.length === 0 ? [] : [{ kind: 'buttons', buttons } as const]),
        ];
      }),
  ];
}
