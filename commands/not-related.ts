import { clearSuspect } from '#app/alerts/clear-suspect.ts';
import { projectAlert } from '#app/alerts/project-alert.ts';
import { defineCommand } from '#app/command.ts';
import { alert, reason, rollout } from '#app/command-field.ts';
import { nameRollout } from '#app/name-rollout.ts';
import { noticeView } from '#core/cards/notice-view.ts';
import { ok } from '#core/result.ts';

/** Says that a release has nothing to do with an alert. It is recorded, and the figures follow. */
export const notRelated = defineCommand({
  name: 'not-related',
  summary: 'Says that a release has nothing to do with an alert.',
  permission: 'rollback',
  fields: {
    rollout: rollout('Which release, such as shop-12.'),
    alert: alert('Which alert, as `alerts` names it.', { introducedBy: 'to' }),
    reason: reason().optional(),
  },
  examples: [
    'not-related shop-12 to alertmanager-0a1b2c3d4e5f6071 because the database failed over',
  ],
  scopeOf: (input, look) => nameRollout(look, { rollout: input.rollout }),
  async run(context, input, { rollout: state }) {
    const { world, rollouts, actor, settings } = context;
    const project = projectAlert(world);
    const silenceMs = (settings.settings.alerts?.silence ?? 0) * 1000;
    const cleared = await context.transact((tx) =>
      clearSuspect(
        tx,
        { rollouts, project, silenceMs },
        { alert: input.alert, rollout: state.id, by: actor, reason: input.reason ?? '' },
      ),
    );
    if (!cleared.ok) return cleared;
    const said = `${state.id} is no suspect of ${cleared.value.title} any more.`;
    return ok({ view: noticeView({ tone: 'neutral', title: cleared.value.title, said }) });
  },
});
