import { answerOf, explainNo, missingRole } from '#core/access/answer.ts';
import { excludedAccountsActForNobody, isLinked } from '#core/access/hard-rules.ts';
import { appliesIn, rolesGiving, type Scope, workspacesOf } from '#core/access/roles.ts';
import type { Instant } from '#core/ids.ts';
import type { Account, Actor, Membership } from '#core/people.ts';
import type { Permission } from '#core/permission.ts';
import { type Refusal, refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { LinkStore } from '#ports/link-store.ts';
import type { SightingStore } from '#ports/sighting-store.ts';
import type { Authorised, Authority, RoleStanding } from './authority.ts';
import { createIdentities } from './identities.ts';
import { createMemberships } from './memberships.ts';
import { judgeAge } from './role-ages.ts';
import type { World } from './world.ts';

/** What rights are resolved from: a `World`, or less. */
interface AuthorityNeeds extends Pick<World, 'settings' | 'directory' | 'clock'> {
  readonly store: { transact<T>(read: (tx: AuthorityReads) => Promise<T>): Promise<T> };
}

interface AuthorityReads extends Pick<LinkStore, 'personOf' | 'accountsOf'>, SightingStore {
  readonly now: Instant;
}

/**
 * The one resolver of rights: settings, links and directories together. Unknown means no, an empty
 * list means nobody, and the hard rules of `core/access/hard-rules.ts` stand whatever is configured.
 * It reads links in a transaction of its own: ask before opening one, never inside.
 * @throws Fault `store.unavailable` when links cannot be read
 */
export function createAuthority(world: AuthorityNeeds): Authority {
  const identities = createIdentities(world.settings);
  const memberships = createMemberships({
    directory: world.directory,
    clock: world.clock,
    cacheSeconds: () => world.settings().settings.access.membershipCache,
    judgeAge: (membership, account, age) => judgeAge(world.store, membership, account, age),
  });

  /** Asks role after role, and grant after grant, until one says yes. */
  async function firstHeld(
    actor: Actor,
    roles: readonly string[],
    fresh: boolean,
  ): Promise<Authorised | readonly Membership[]> {
    let accounts: readonly Account[] | null = null;
    const asked: Membership[] = [];
    for (const role of roles) {
      const { from = [], age = 0 } = world.settings().settings.roles[role] ?? {};
      for (const grant of from) {
        // A list of people needs no links, so the usual small installation asks no database here.
        if (grant.kind !== 'people') accounts ??= await accountsOf(actor);
        const answers = await memberships.ask(grant, actor, accounts ?? [], { fresh, age });
        const answer = answerOf(answers);
        if (answer.kind === 'yes') return { role, evidence: answer.evidence };
        asked.push(...answers);
      }
    }
    return asked;
  }

  function accountsOf(actor: Actor): Promise<readonly Account[]> {
    return world.store.transact((tx) => identities.accountsOf(tx, actor));
  }

  async function resolve(
    actor: Actor,
    roles: readonly string[],
    fresh: boolean,
  ): Promise<Result<Authorised>> {
    const held = await firstHeld(actor, roles, fresh);
    if ('role' in held) return ok(held);
    return no(explainNo(actor.displayName, roles, held));
  }

  /** An unlinked account could be somebody's second one wherever two workspaces can vouch. */
  function unlinkedVoice(actor: Actor, permission: Permission, scope: Scope): Refusal | null {
    if (isLinked(actor) || (permission !== 'approve' && permission !== 'review')) return null;
    const { roles } = world.settings().settings;
    const sources = rolesGiving(roles, permission, scope).flatMap(
      (role) => roles[role]?.from ?? [],
    );
    if (workspacesOf(sources).size <= 1) return null;
    return refusal(
      'access.not_linked',
      `The account of ${actor.displayName} is not linked to a person, and more than one workspace can vouch here.`,
      'Link the account to its person with the link command, then decide again.',
    );
  }

  return {
    async identify(inbound) {
      const excluded = excludedAccountsActForNobody(inbound.excluded);
      if (excluded !== null) return no(excluded);
      const person =
        identities.configured(inbound.account) ??
        (await world.store.transact((tx) => identities.personOf(tx, inbound.account)));
      const displayName = identities.displayName(person, inbound.displayName).slice(0, 200);
      return ok({ person, account: inbound.account, displayName });
    },

    async authorise(actor, permission, scope, fresh) {
      const roles = rolesGiving(world.settings().settings.roles, permission, scope);
      const resolved = await resolve(actor, roles, fresh);
      if (!resolved.ok) return resolved;
      const doubt = unlinkedVoice(actor, permission, scope);
      return doubt === null ? resolved : no(doubt);
    },

    async holdsRole(actor, role, scope) {
      const settings = world.settings().settings.roles[role];
      if (settings === undefined || !appliesIn(settings, scope)) {
        return no(missingRole(actor.displayName, [role]));
      }
      return resolve(actor, [role], true);
    },

    async standing(actor) {
      const lines: RoleStanding[] = [];
      for (const role of Object.keys(world.settings().settings.roles).sort()) {
        const held = await firstHeld(actor, [role], false);
        lines.push('role' in held ? standingYes(role, held.evidence) : standingNo(role, held));
      }
      return lines;
    },

    rolesFor: (permission, scope) =>
      rolesGiving(world.settings().settings.roles, permission, scope),

    forget: (platform, account) => memberships.forget(platform, account),
  };
}

function standingYes(role: string, evidence: readonly Membership[]): RoleStanding {
  return { role, answer: 'yes', evidence: evidence.map((one) => one.evidence).join('; ') };
}

function standingNo(role: string, asked: readonly Membership[]): RoleStanding {
  const unknown = asked.some(({ answer }) => answer === 'unknown');
  const evidence = [...new Set(asked.map((one) => one.evidence))].join('; ');
  return { role, answer: unknown ? 'unknown' : 'no', evidence };
}
