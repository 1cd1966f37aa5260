import { type Account, type Actor, accountKey } from '#core/people.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { LinkStore } from '#ports/link-store.ts';
import type { SettingsSnapshot } from './world.ts';

/** Which person an account stands for. The settings go before links that people made. */
export interface Identities {
  /** The person, `platform:tenant/user` for an account that nobody named. */
  personOf(links: Pick<LinkStore, 'personOf'>, account: Account): Promise<string>;
  /** The person that the settings name for the account; null when they name none. */
  configured(account: Account): string | null;
  /** The actor's own account first, then the settings', then linked ones; each once. */
  accountsOf(links: Pick<LinkStore, 'accountsOf'>, actor: Actor): Promise<readonly Account[]>;
  /** The name in the settings, else the platform's. */
  displayName(person: string, fallback: string): string;
}

/** Answers from the settings in force and the link store. */
export function createIdentities(settings: () => SettingsSnapshot): Identities {
  const indexes = new WeakMap<Settings, ReadonlyMap<string, string>>();

  function index(): ReadonlyMap<string, string> {
    const present = settings().settings;
    const known = indexes.get(present);
    if (known !== undefined) return known;
    const built = peopleByAccount(present);
    indexes.set(present, built);
    return built;
  }

  function configured(account: Account): string | null {
    return index().get(accountKey(account)) ?? null;
  }

  return {
    configured,
    async personOf(links, account) {
      return configured(account) ?? (await links.personOf(account)) ?? accountKey(account);
    },
    async accountsOf(links, actor) {
      const listed = settings().settings.people[actor.person]?.accounts ?? [];
      const linked = await links.accountsOf(actor.person);
      // A link of an account that the settings give to somebody else no longer counts.
      const own = linked.filter(
        (account) => (configured(account) ?? actor.person) === actor.person,
      );
      const all = [actor.account, ...listed, ...own];
      return [...new Map(all.map((account) => [accountKey(account), account])).values()];
    },
    displayName(person, fallback) {
      return settings().settings.people[person]?.name ?? fallback;
    },
  };
}

function peopleByAccount(settings: Settings): ReadonlyMap<string, string> {
  const people = new Map<string, string>();
  for (const [person, { accounts }] of Object.entries(settings.people)) {
    for (const account of accounts) people.set(accountKey(account), person);
  }
  return people;
}
