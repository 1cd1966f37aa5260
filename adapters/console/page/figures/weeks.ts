import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { Bars } from '#adapters/console/page/view/bars.ts';
import type { Figures } from '#adapters/console/wire.ts';
import { chartOfWeeks } from '#core/figures/chart-of-weeks.ts';

/** Production deployments by week, the failed ones marked. */
export function Weeks({ figures }: { readonly figures: Figures }): VNode {
  return html`<${Bars} chart=${chartOfWeeks(figures.weeks, figures.zone)} />`;
}
