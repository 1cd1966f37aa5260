import { analysisOf } from '#app/analysis-of.ts';
import { consoleUrlOf } from '#app/card-actions.ts';
import { defineCommand } from '#app/command.ts';
import { nameRollout, rolloutFields } from '#app/name-rollout.ts';
import { readPostmortem } from '#app/postmortem/read-postmortem.ts';
import { postmortemView } from '#core/cards/postmortem-view.ts';
import { postmortemMarkdown } from '#core/postmortem/markdown.ts';
import { ok } from '#core/result.ts';

/** The story of one release, for those who learn from it. */
export const postmortem = defineCommand({
  name: 'postmortem',
  summary: 'Tells the story of a release: timeline, decisions, verdicts, impact, open questions.',
  permission: 'view',
  fields: rolloutFields,
  examples: ['postmortem shop-12'],
  scopeOf: (input, look) => nameRollout(look, input),
  async run(context, _input, { rollout }) {
    const { settings, rollouts, world } = context;
    const story = await context.read((tx) => readPostmortem(tx, settings, rollouts, rollout));
    const view = postmortemView(story, analysisOf(world, rollout));
    const base = consoleUrlOf(settings.settings);
    const page =
      base === null ? null : `${base}/rollouts/${encodeURIComponent(rollout.id)}/postmortem`;
    const link = page === null ? [] : [{ kind: 'link', text: 'As a page', url: page } as const];
    const blocks =
      page === null ? view.blocks : [...view.blocks, { kind: 'note', line: link } as const];
    return ok({
      view: { ...view, blocks },
      rollout: rollout.id,
      data: { markdown: postmortemMarkdown(story) },
    });
  },
});
