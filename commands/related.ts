import { blameRelease } from '#app/alerts/blame-release.ts';
import { projectAlert } from '#app/alerts/project-alert.ts';
import { defineCommand } from '#app/command.ts';
import { alert, reason, rollout } from '#app/command-field.ts';
import { nameRollout } from '#app/name-rollout.ts';
import { noticeView } from '#core/cards/notice-view.ts';
import { ok } from '#core/result.ts';

/** Says that a release caused an alert: it is held against it, and the figures count it. */
export const related = defineCommand({
  name: 'related',
  summary: 'Says that a release caused an alert; the figures then count it as failed.',
  permission: 'rollback',
  fields: {
    rollout: rollout('Which release, such as shop-12.'),
    alert: alert('Which alert, as `alerts` names it.', { introducedBy: 'to' }),
    reason: reason().optional(),
  },
  examples: [
    'related api-7 to alertmanager-0a1b2c3d4e5f6071 because its new client waits too long',
  ],
  scopeOf: (input, look) => nameRollout(look, { rollout: input.rollout }),
  async run(context, input, { rollout: state }) {
    const { world, rollouts, actor, settings } = context;
    const silenceMs = (settings.settings.alerts?.silence ?? 0) * 1000;
    const blamed = await context.transact((tx) =>
      blameRelease(
        tx,
        { world, rollouts, project: projectAlert(world), silenceMs },
        { alert: input.alert, rollout: state.id, by: actor, reason: input.reason ?? '' },
      ),
    );
    if (!blamed.ok) return blamed;
    const { title } = blamed.value;
    const said = `${title} is held against ${state.id}.`;
    return ok({ view: noticeView({ tone: 'neutral', title, said }) });
  },
});
