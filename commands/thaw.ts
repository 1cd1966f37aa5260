import { liftFreezes, readFreezes } from '#app/change-freezes.ts';
import { defineCommand } from '#app/command.ts';
import { reason, text } from '#app/command-field.ts';
import { noticeView } from '#core/cards/notice-view.ts';
import { freezePlace, freezeWords } from '#core/freeze-scope.ts';
import { ok } from '#core/result.ts';

/** Lifts a freeze that somebody set by hand. */
export const thaw = defineCommand({
  name: 'thaw',
  summary: 'Lifts a freeze that was set by hand.',
  permission: 'freeze',
  fields: {
    freeze: text('Its id, or what is frozen: freeze-3, production, api/production, *.'),
    reason: reason().optional(),
  },
  examples: ['thaw freeze-3', 'thaw production because the incident is over'],
  async scopeOf({ freeze: named }, look) {
    const { active } = await look.read((tx) => readFreezes(tx));
    const found = active.find(({ id }) => id === named);
    return ok(freezePlace(found?.scope ?? named));
  },
  async run(context, input) {
    const { actor } = context;
    const why = input.reason ?? '';
    const lifted = await context.transact((tx) => liftFreezes(tx, input.freeze, actor, why));
    if (!lifted.ok) return lifted;
    const places = [...new Set(lifted.value.map(({ scope }) => freezeWords(scope)))].join(', ');
    return ok({
      visibility: 'channel',
      data: lifted.value,
      view: noticeView({
        tone: 'success',
        title: `Thawed: ${places}`,
        said: `${actor.displayName} thawed ${places}.`,
        more: why === '' ? [] : [[why]],
      }),
    });
  },
});
