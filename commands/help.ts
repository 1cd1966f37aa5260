import { defineCommand, nowhere } from '#app/command.ts';
import { text } from '#app/command-field.ts';
import { commandHelpView, helpView } from '#core/cards/help-view.ts';
import { suggestion } from '#core/grammar/suggest.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok } from '#core/result.ts';

/** What you may run, or how one command is written. */
export const help = defineCommand({
  name: 'help',
  summary: 'Lists what you may run, or tells how one command is written.',
  permission: 'view',
  open: true,
  fields: { command: text('Which command.').optional() },
  examples: ['help', 'help deploy'],
  scopeOf: () => ok(nowhere),
  async run({ actor, authority, commands, settings }, input) {
    const slash = settings.settings.command;
    if (input.command !== undefined) {
      const wanted = input.command.toLowerCase();
      const found = commands.find(({ name }) => name === wanted);
      if (found !== undefined) return ok({ view: commandHelpView(found, slash), data: found });
      const known = commands.map(({ name }) => name);
      const next = suggestion(wanted, known, 'commands');
      return no(refusal('command.unknown', `There is no command “${wanted}”.`, next));
    }
    const held = (await authority.standing(actor)).filter(({ answer }) => answer === 'yes');
    const rights = held.flatMap(({ role }) => settings.settings.roles[role]?.may ?? []);
    const mine = commands.filter(({ open, permission }) => open || rights.includes(permission));
    return ok({ view: helpView(mine, slash), data: mine.map(({ name }) => name) });
  },
});
