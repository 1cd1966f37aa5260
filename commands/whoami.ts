import { defineCommand, nowhere } from '#app/command.ts';
import { isLinked } from '#core/access/hard-rules.ts';
import { whoamiView } from '#core/cards/whoami-view.ts';
import { accountKey } from '#core/people.ts';
import { ok } from '#core/result.ts';
import type { RoleSettings } from '#core/settings/settings.ts';

/** Who you are to Signalbox, and the evidence for each role. */
export const whoami = defineCommand({
  name: 'whoami',
  summary: 'Tells who you are to Signalbox, which roles you hold and on which evidence.',
  permission: 'view',
  open: true,
  fields: {},
  examples: ['whoami'],
  scopeOf: () => ok(nowhere),
  async run(context) {
    const { actor, authority, settings } = context;
    const standing = await authority.standing(actor);
    const linked = await context.read((tx) => tx.accountsOf(actor.person));
    const listed = settings.settings.people[actor.person]?.accounts ?? [];
    const own = accountKey(actor.account);
    const others = new Map([...listed, ...linked].map((one) => [accountKey(one), one]));
    others.delete(own);
    const answer = {
      name: actor.displayName,
      person: isLinked(actor) ? actor.person : null,
      account: actor.account,
      otherAccounts: [...others.values()],
      roles: standing.map(({ role, answer: held, evidence }) => {
        const rights = settings.settings.roles[role];
        return {
          role,
          held: held === 'yes',
          may: rights?.may ?? [],
          where: rights === undefined ? '' : whereWords(rights),
          evidence: [{ evidence }],
        };
      }),
    };
    return ok({ view: whoamiView(answer), data: answer });
  },
});

function whereWords({ services, environments }: RoleSettings): string {
  const what = services?.join(', ') ?? 'every service';
  return environments === undefined ? what : `${what} in ${environments.join(', ')}`;
}
