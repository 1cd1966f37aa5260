import type { Grant } from '#core/people.ts';
import type { Permission } from '#core/permission.ts';
import type { RoleSettings, Settings } from '#core/settings/settings.ts';

/** For what a right is asked. A null member: it concerns none in particular. */
export interface Scope {
  readonly service: string | null;
  readonly environment: string | null;
}

/**
 * Names of the roles with a permission in a place, in order of name. A role that is confined to
 * some services or environments gives nothing where the question names none, but for `view` and
 * `link`, which concern no place.
 */
export function rolesGiving(
  roles: Settings['roles'],
  permission: Permission,
  scope: Scope,
): readonly string[] {
  return Object.entries(roles)
    .filter(([, role]) => role.may.includes(permission))
    .filter(([, role]) => appliesIn(role, scope) || concernsNoPlace(permission, scope))
    .map(([name]) => name)
    .sort();
}

/** Whether a role counts in a place. */
export function appliesIn(role: RoleSettings, scope: Scope): boolean {
  return covers(role.environments, scope.environment) && covers(role.services, scope.service);
}

/** The workspaces (`platform:tenant`) whose membership can vouch for a role. */
export function workspacesOf(grants: readonly Grant[]): ReadonlySet<string> {
  const workspaces = new Set<string>();
  for (const grant of grants) {
    if (grant.kind !== 'people') workspaces.add(`${grant.platform}:${grant.tenant}`);
  }
  return workspaces;
}

function covers(list: readonly string[] | undefined, value: string | null): boolean {
  if (list === undefined) return true;
  return value !== null && list.includes(value);
}

function concernsNoPlace(permission: Permission, scope: Scope): boolean {
  if (permission !== 'view' && permission !== 'link') return false;
  return scope.service === null && scope.environment === null;
}
