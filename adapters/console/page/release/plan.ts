import type { VNode } from 'preact';
import { clockTime } from '#adapters/console/page/clock.ts';
import { html } from '#adapters/console/page/html.ts';
import { step } from '#adapters/console/page/view/blocks.ts';
import { mark } from '#adapters/console/page/view/marks.ts';
import type { Release } from '#adapters/console/wire.ts';
import { detectionWords } from '#core/cards/detection-words.ts';
import { allStepLines } from '#core/cards/step-lines.ts';
import { formatDuration } from '#core/duration.ts';
import type { Artifact } from '#core/release.ts';

interface PlanProps {
  readonly state: Release['state'];
}

/** What was planned, and under which hash. */
export function PlanFacts({ state }: PlanProps): VNode {
  const { plan, planHash } = state;
  if (plan === null) return html`<p class="quiet">There is no plan yet.</p>`;
  return html`<div class="plan">
    <dl class="facts">
      <div><dt>Hash</dt><dd><code title=${planHash}>${planHash?.slice(0, 16)}</code></dd></div>
      <div><dt>New</dt><dd>${artifact(plan.artifact)}</dd></div>
      <div><dt>Runs before</dt><dd>${plan.previous === null ? 'nothing' : artifact(plan.previous)}</dd></div>
      <div><dt>Strategy</dt><dd>${plan.strategy}, ${plan.targets.map(({ target }) => target).join(', ')}</dd></div>
      <div><dt>Takes</dt><dd>about ${formatDuration(plan.expectedSeconds)}</dd></div>
      <div><dt>Detection</dt><dd>${detectionWords(plan)}</dd></div>
    </dl>
    ${plan.lint.map((line) => html`<p class="remark">${mark('errored')}<span>${line}</span></p>`)}
  </div>`;
}

/** How one would go back, from each part of the way. */
export function WayBack({ state }: PlanProps): VNode | null {
  const { plan } = state;
  if (plan === null) return null;
  return html`<ul class="way-back">${plan.rollbackPlan.map((line) => {
    const [when, ...rest] = line.split(': ');
    return rest.length === 0
      ? html`<li>${line}</li>`
      : html`<li><b>${when}</b><span>${rest.join(': ')}</span></li>`;
  })}</ul>`;
}

/** Every step with its mark and when it ended. */
export function PlanSteps({ state }: PlanProps): VNode | null {
  const { plan } = state;
  if (plan === null) return null;
  return html`<ol class="steps plan-steps">${allStepLines(state).map((line, index) => {
    const finished = state.steps[index]?.finishedAt ?? null;
    const noReturn = plan.pointsOfNoReturn.includes(index) ? ', no way back after this' : '';
    const detail = finished === null ? noReturn : `${clockTime(finished)}${noReturn}`;
    const told = detail === '' ? line.detail : [detail];
    return step({
      label: line.label,
      mark: line.mark,
      ...(told === undefined ? {} : { detail: told }),
    });
  })}</ol>`;
}

function artifact({ version, digest, source }: Artifact): VNode {
  const commit = source?.commit;
  return html`<span>${version} <code title=${digest}>${digest.slice(7, 19)}</code>${commit === undefined ? null : html` <span class="quiet">commit ${commit.slice(0, 8)}</span>`}</span>`;
}
