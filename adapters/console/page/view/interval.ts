import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import type { Interval } from '#core/message.ts';

const width = 132;
const middle = width / 2;

interface IntervalShape extends Pick<Interval, 'low' | 'high' | 'estimate' | 'floor' | 'bad'> {
  /** How far the scale reaches to either side, in the unit of the others. */
  readonly edge: number;
  /** The same in words. */
  readonly words: string;
}

/** An interval of a difference against nought and against the floor beyond which it counts. */
export function IntervalBar(shape: IntervalShape): VNode {
  const { low, high, estimate, floor, bad, edge, words } = shape;
  const inside = (value: number): number => Math.max(-edge, Math.min(edge, value));
  const x = (value: number): string => (middle + (inside(value) / edge) * (middle - 3)).toFixed(1);
  const floors =
    floor === 0 ? [] : bad === 'either' ? [-floor, floor] : [bad === 'up' ? floor : -floor];
  return html`<svg class="interval" viewBox=${`0 0 ${width} 18`} role="img" preserveAspectRatio="xMinYMid meet" aria-label=${words}>
    <title>${words}</title>
    <path class="interval-axis" d=${`M0 9H${width}`} />
    <path class="interval-nought" d=${`M${middle} 3V15`} />
    ${floors.map((at) => html`<path class="interval-floor" d=${`M${x(at)} 1V17`} />`)}
    <path class="interval-bar" d=${`M${x(low ?? -edge)} 9H${x(high ?? edge)}`} />
    <circle cx=${x(estimate)} cy="9" r="3" />
  </svg>`;
}

/** The intervals of a look on a card, with what was made of each. */
export function Intervals({ all }: { readonly all: readonly Interval[] }): VNode {
  return html`<ul class="intervals">${all.map(
    (one) => html`<li key=${one.label} data-tone=${one.tone}>
      <span class="intervals-label">${one.label}</span>
      <${IntervalBar} ...${one} />
      <span class="verdict">${one.word}</span>
    </li>`,
  )}</ul>`;
}
