import { type Problem, problem, unknownName } from './problem.ts';
import type { Registries } from './registries.ts';
import type { RoleSettings, Settings } from './settings.ts';

/**
 * A role that nobody can hold is a mistake, and so is an approval that nobody could give: the role
 * must exist, permit approving where it is asked for, and be open to enough people.
 */
export function checkRoles(
  settings: Settings,
  { platforms, channelMembers = {} }: Pick<Registries, 'platforms' | 'channelMembers'>,
): readonly Problem[] {
  const granting: Granting = new Map(
    Object.entries(channelMembers).map(([platform, read]) => [
      platform,
      read(settings.platforms[platform]?.options ?? {}),
    ]),
  );
  return [
    ...Object.entries(settings.roles).flatMap(([name, role]) => [
      ...checkHolders(name, role, granting),
      ...checkPlatforms(name, role, Object.keys(platforms)),
      ...checkChannels(name, role, granting),
    ]),
    ...Object.keys(settings.environments).flatMap((name) =>
      checkApproval(settings, name, granting),
    ),
  ];
}

/** By platform whose settings say it all: the channels that grant, and how many may be in them. */
type Granting = ReadonlyMap<string, ReadonlyMap<string, number>>;

function checkHolders(name: string, role: RoleSettings, granting: Granting): readonly Problem[] {
  if (mostHolders(role, granting) > 0) return [];
  return [problem(['roles', name, 'from'], role.from, 'somebody who can hold the role')];
}

function checkPlatforms(
  name: string,
  role: RoleSettings,
  known: readonly string[],
): readonly Problem[] {
  return role.from.flatMap((grant, index) =>
    grant.kind === 'people' || known.includes(grant.platform)
      ? []
      : [
          unknownName(
            ['roles', name, 'from', index, 'platform'],
            grant.platform,
            'a platform',
            known,
          ),
        ],
  );
}

/** A channel that does not exist, or is open to everybody, grants nothing. */
function checkChannels(name: string, role: RoleSettings, granting: Granting): readonly Problem[] {
  return role.from.flatMap((grant, index) => {
    const known = grant.kind === 'channel' ? granting.get(grant.platform) : undefined;
    if (grant.kind !== 'channel' || known === undefined || known.has(grant.channel)) return [];
    const at = ['roles', name, 'from', index, 'channel'];
    const what = `a channel of the ${grant.platform} that is not open`;
    return [unknownName(at, grant.channel, what, known.keys())];
  });
}

function checkApproval(
  settings: Settings,
  environment: string,
  granting: Granting,
): readonly Problem[] {
  const gates = settings.environments[environment]?.gates ?? [];
  return gates.flatMap(({ gate, options }, index) => {
    if (gate !== 'approval') return [];
    const at = ['environments', environment, 'gates', index, 'options'];
    const name = options['role'];
    const quorum = typeof options['quorum'] === 'number' ? options['quorum'] : 1;
    if (typeof name !== 'string') return [];
    const role = Object.hasOwn(settings.roles, name) ? settings.roles[name] : undefined;
    if (role === undefined) {
      return [unknownName([...at, 'role'], name, 'a role', Object.keys(settings.roles))];
    }
    return [
      ...checkMayApprove(name, role, environment, [...at, 'role']),
      ...checkEnough(settings, name, quorum, [...at, 'role'], mostHolders(role, granting)),
    ];
  });
}

function checkMayApprove(
  name: string,
  role: RoleSettings,
  environment: string,
  path: readonly (string | number)[],
): readonly Problem[] {
  if (!role.may.includes('approve')) {
    return [problem(path, name, 'a role that may approve')];
  }
  if (role.environments !== undefined && !role.environments.includes(environment)) {
    return [problem(path, name, `a role that counts in ${environment}`)];
  }
  return [];
}

/** The requester never approves: who is alone in the role can never have their own request approved. */
function checkEnough(
  settings: Settings,
  name: string,
  quorum: number,
  path: readonly (string | number)[],
  holders: number,
): readonly Problem[] {
  if (holders < quorum) {
    return [problem(path, name, `a role that at least ${quorum} people can hold`)];
  }
  if (holders > quorum || !holdersMayDeploy(settings, settings.roles[name])) return [];
  return [
    problem(
      path,
      name,
      `a role that more than ${quorum} people can hold: those few may also deploy, and nobody approves their own request`,
    ),
  ];
}

function holdersMayDeploy(settings: Settings, role: RoleSettings | undefined): boolean {
  if (role === undefined) return false;
  const holders = named(role);
  return Object.values(settings.roles).some(
    (other) => other.may.includes('deploy') && [...named(other)].some((one) => holders.has(one)),
  );
}

/** How many people could hold a role: unbounded as soon as a platform has to be asked for it. */
function mostHolders(role: RoleSettings, granting: Granting): number {
  const inChannels = role.from.map((grant) => {
    if (grant.kind === 'people') return 0;
    const known = grant.kind === 'channel' ? granting.get(grant.platform) : undefined;
    if (grant.kind !== 'channel' || known === undefined) return Number.POSITIVE_INFINITY;
    return known.get(grant.channel) ?? 0;
  });
  return inChannels.reduce((sum, most) => sum + most, named(role).size);
}

function named(role: RoleSettings): ReadonlySet<string> {
  return new Set(role.from.flatMap((grant) => (grant.kind === 'people' ? grant.people : [])));
}
