import { type Problem, problem, unknownName } from './problem.ts';
import type { RoleSettings, Settings } from './settings.ts';

/**
 * A role that nobody can hold is a mistake, and so is an approval that nobody could give: the role
 * must exist, permit approving where it is asked for, and be open to enough people.
 */
export function checkRoles(settings: Settings): readonly Problem[] {
  return [
    ...Object.entries(settings.roles).flatMap(([name, role]) => checkHolders(name, role)),
    ...Object.keys(settings.environments).flatMap((name) => checkApproval(settings, name)),
  ];
}

function checkHolders(name: string, role: RoleSettings): readonly Problem[] {
  if (mostHolders(role) > 0) return [];
  return [problem(['roles', name, 'from'], role.from, 'somebody who can hold the role')];
}

function checkApproval(settings: Settings, environment: string): readonly Problem[] {
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
      ...checkEnough(settings, name, role, quorum, [...at, 'role']),
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
  role: RoleSettings,
  quorum: number,
  path: readonly (string | number)[],
): readonly Problem[] {
  const holders = mostHolders(role);
  if (holders < quorum) {
    return [problem(path, name, `a role that at least ${quorum} people can hold`)];
  }
  if (holders > quorum || !holdersMayDeploy(settings, role)) return [];
  return [
    problem(
      path,
      name,
      `a role that more than ${quorum} people can hold: those few may also deploy, and nobody approves their own request`,
    ),
  ];
}

function holdersMayDeploy(settings: Settings, role: RoleSettings): boolean {
  const holders = named(role);
  return Object.values(settings.roles).some(
    (other) => other.may.includes('deploy') && [...named(other)].some((one) => holders.has(one)),
  );
}

/** How many people could hold a role: unbounded as soon as a chat platform is asked. */
function mostHolders(role: RoleSettings): number {
  if (role.from.some(({ kind }) => kind !== 'people')) return Number.POSITIVE_INFINITY;
  return named(role).size;
}

function named(role: RoleSettings): ReadonlySet<string> {
  return new Set(role.from.flatMap((grant) => (grant.kind === 'people' ? grant.people : [])));
}
