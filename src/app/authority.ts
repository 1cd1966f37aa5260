import type { Scope } from '#core/access/roles.ts';
import type { Account, Actor, Membership } from '#core/people.ts';
import type { Permission } from '#core/permission.ts';
import type { Result } from '#core/result.ts';
import type { Inbound } from '#ports/gateway.ts';

export type { Scope } from '#core/access/roles.ts';

/** A permission granted, and on which evidence. */
export interface Authorised {
  readonly role: string;
  readonly evidence: readonly Membership[];
}

/** One role as asked for one person: for explanations, never for decisions. */
export interface RoleStanding {
  readonly role: string;
  readonly answer: 'yes' | 'no' | 'unknown';
  /** One plain line. */
  readonly evidence: string;
}

/** Who somebody is and what they may do. The one place where rights are decided. Never asked inside a transaction. */
export interface Authority {
  /** The person behind an inbound. Refusals: `access.*`. An account that nobody named stands for itself. */
  identify(inbound: Inbound): Promise<Result<Actor>>;
  /**
   * `fresh`: ask the source now (decisions and effects); otherwise a short cache may answer (display).
   * Refusals: `access.missing_role` (naming the roles that would do), `access.membership_unknown`,
   * `access.guest`, `access.external`, `access.bot`, `access.inactive`, `access.wrong_tenant`,
   * and for `approve` and `review` also `access.not_linked`.
   */
  authorise(
    actor: Actor,
    permission: Permission,
    scope: Scope,
    fresh: boolean,
  ): Promise<Result<Authorised>>;
  /** Whether the person still holds one named role now, with evidence: asked again at the moment of effect. */
  holdsRole(actor: Actor, role: string, scope: Scope): Promise<Result<Authorised>>;
  /** Every configured role and whether the person holds it, by name: for `whoami` and `help`. */
  standing(actor: Actor): Promise<readonly RoleStanding[]>;
  /** The roles with this permission in the scope, for explanations. */
  rolesFor(permission: Permission, scope: Scope): readonly string[];
  /** A channel's membership changed: forget what was cached of it. */
  forget(platform: string, account: Account | null): void;
}
