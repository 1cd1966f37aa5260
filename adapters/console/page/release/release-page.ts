import type { ComponentChildren, VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { Nothing } from '#adapters/console/page/nothing.ts';
import { PageHead } from '#adapters/console/page/page-head.ts';
import { Problem } from '#adapters/console/page/problem.ts';
import { useResource } from '#adapters/console/page/resource.ts';
import { blocks } from '#adapters/console/page/view/blocks.ts';
import { mark } from '#adapters/console/page/view/marks.ts';
import type { Release } from '#adapters/console/wire.ts';
import { subjectOf } from '#core/cards/standing.ts';
import { Approvals } from './approvals.ts';
import { Audit } from './audit.ts';
import { Gates } from './gates.ts';
import { Metrics } from './metrics.ts';
import { PlanFacts, PlanSteps, WayBack } from './plan.ts';
import { Timeline } from './timeline.ts';
import { Troubles } from './troubles.ts';

/** Everything about one release: what was planned, who agreed on what grounds, what was measured, what happened. */
export function ReleasePage({ id }: { readonly id: string }): VNode {
  const { value, problem } = useResource<Release>(
    `/api/rollouts/${encodeURIComponent(id)}`,
    {},
    (stream) => stream.endsWith(`:${id}`),
  );
  const release = value.value;
  return html`<section class="pane" aria-label=${id}>
    <${PageHead} title=${release === null ? id : subjectOf(release.state)} detail=${release === null ? '' : id}>
      ${release === null ? null : html`<a class="back-link" href=${`/rollouts/${encodeURIComponent(id)}/postmortem`}>Postmortem</a>`}
      <a class="back-link" href="/rollouts">${mark('back')}All releases</a>
    <//>
    <div class="scroll"><div class="wide">
      ${
        release === null && problem.value?.code === 'rollout.unknown'
          ? html`<${Nothing} title=${problem.value.message} text="Its name may be mistyped. Releases are named after their service and counted, as in shop-2.">
            <a class="button" data-style="plain" href="/rollouts">Find a release</a><//>`
          : html`<${Problem} refusal=${problem.value} />`
      }
      ${release === null ? null : html`<${Whole} release=${release} />`}
    </div></div>
  </section>`;
}

function Whole({ release }: { readonly release: Release }): VNode {
  const { state, card, analysis, events, troubles } = release;
  return html`<div class="release">
    <div class="release-main">
      <div class="card release-card" data-tone=${card.tone}>${blocks(card.blocks, null)}</div>
      <${Metrics} state=${state} analysis=${analysis} />
      <${Section} title="Timeline"><${Timeline} events=${events} /><//>
    </div>
    <div class="release-side">
      ${troubles.length === 0 ? null : html`<${Section} title="Alerts"><${Troubles} troubles=${troubles} /><//>`}
      <${Section} title="Approvals"><${Approvals} state=${state} /><//>
      <${Section} title="Gates"><${Gates} release=${release} /><//>
      <${Section} title="Plan"><${PlanFacts} state=${state} /><${PlanSteps} state=${state} /><//>
      <${Section} title="Way back"><${WayBack} state=${state} /><//>
      <${Section} title="Audit"><${Audit} release=${release} /><//>
    </div>
  </div>`;
}

/** A titled part of the page. */
export function Section({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}): VNode {
  return html`<section class="part"><h2>${title}</h2>${children}</section>`;
}
