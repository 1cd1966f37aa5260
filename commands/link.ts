import { defineCommand, nowhere } from '#app/command.ts';
import { text } from '#app/command-field.ts';
import { createLinkAccounts } from '#app/link-accounts.ts';
import { tellPerson } from '#app/tell-person.ts';
import { linkCodeView, linkedView, linkOfferView } from '#core/cards/link-view.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok } from '#core/result.ts';

/** Joins two accounts of one person: a code from one, confirmed by name with the other. */
export const link = defineCommand({
  name: 'link',
  summary: 'Joins your accounts on two platforms, so that you count as one person.',
  permission: 'link',
  open: true,
  fields: {
    code: text('The code that your other account was given.', { secret: true }).optional(),
    as: text('Whom both accounts will stand for.', { introducedBy: 'as' }).optional(),
  },
  examples: ['link', 'link 6kQ…', 'link 6kQ… as ada'],
  scopeOf: () => ok(nowhere),
  async run(context, input) {
    const { actor, world, settings } = context;
    const { sha256 } = world.crypto;
    const links = createLinkAccounts({ settings: world.settings, random: world.random, sha256 });
    const { code, as } = input;
    const { command, publicUrl } = settings.settings;
    if (code === undefined) {
      const invited = await context.transact(async (tx) => ok(await links.invite(tx, actor, null)));
      if (!invited.ok) return invited;
      const { token, expiresAt } = invited.value;
      return ok({ view: linkCodeView({ token, expiresAt, command, url: publicUrl ?? null }) });
    }
    if (as === undefined) {
      const offer = await context.read((tx) => links.look(tx, code, actor));
      if (!offer.ok) return offer;
      const { person } = offer.value;
      return ok({ view: linkOfferView(offer.value, command), data: { person } });
    }
    const linked = await context.transact(async (tx) => {
      const offer = await links.look(tx, code, actor);
      if (!offer.ok) return offer;
      if (offer.value.person !== as) return no(somebodyElse(offer.value.person));
      const confirmed = await links.confirm(tx, code, actor);
      if (!confirmed.ok) return confirmed;
      const to = { ...actor, account: confirmed.value.from };
      const id = `linked:${world.crypto.sha256(code)}`;
      await tellPerson(tx, world, { id, to, view: linkedView(confirmed.value) });
      return confirmed;
    });
    if (!linked.ok) return linked;
    return ok({ view: linkedView(linked.value), resume: linked.value.resume });
  },
});

function somebodyElse(person: string) {
  return refusal(
    'link.wrong_person',
    `The code would make both accounts stand for ${person}.`,
    'Confirm it only if that is you.',
  );
}
