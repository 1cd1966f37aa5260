import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { Nothing } from '#adapters/console/page/nothing.ts';
import { PageHead } from '#adapters/console/page/page-head.ts';
import { Problem } from '#adapters/console/page/problem.ts';
import { useResource } from '#adapters/console/page/resource.ts';
import type { FiguresAbout } from '#adapters/console/page/router.ts';
import type { Figures } from '#adapters/console/wire.ts';
import { Attention } from './attention.ts';
import { type Asked, Choices } from './choices.ts';
import { EveryFigure } from './every-figure.ts';
import { ForLeads } from './for-leads.ts';
import { ForOnCall } from './for-on-call.ts';

const views = [
  ['leads', '/figures', 'For leads'],
  ['on-call', '/figures/on-call', 'For on-call'],
  ['debug', '/figures/debug', 'Every figure'],
] as const;

interface FiguresProps {
  readonly about: FiguresAbout;
  readonly query: URLSearchParams;
}

/** What releasing looks like in numbers, over a window, of everything or of one service or environment. */
export function FiguresPage({ about, query }: FiguresProps): VNode {
  const asked = wishOf(query);
  const { value, problem } = useResource<Figures>('/api/figures', asked);
  const figures = value.value;
  const search = new URLSearchParams(asked).toString();
  const path = views.find(([name]) => name === about)?.[1] ?? '/figures';
  const [title, detail] =
    about === 'on-call'
      ? ['On call', 'What rings, what waits, and how it went']
      : ['Figures', 'From the history alone'];

  return html`<section class="pane" aria-label=${title}>
    <${PageHead} title=${title} detail=${detail} />
    <div class="scroll"><div class="wide">
      <nav class="tabs" aria-label="For whom">${views.map(
        ([name, to, label]) =>
          html`<a key=${name} href=${`${to}?${search}`} aria-current=${about === name ? 'page' : null}>${label}</a>`,
      )}</nav>
      ${about === 'on-call' ? html`<${Attention} />` : null}
      ${about === 'on-call' ? html`<h2 class="part-title">How it went</h2>` : null}
      <${Choices} path=${path} asked=${asked} />
      <${Problem} refusal=${problem.value} />
      ${figures === null ? null : html`<${Shown} about=${about} figures=${figures} />`}
      <nav class="exports" aria-label="Export"><span>Export</span>
        <a href=${`/api/figures.csv?${search}`} download>Figures as CSV</a>
        <a href=${`/api/figures/releases.csv?${search}`} download>Releases as CSV</a>
        <a href=${`/api/figures?${search}`} download="figures.json">JSON</a>
      </nav>
    </div></div>
  </section>`;
}

function Shown({
  about,
  figures,
}: {
  readonly about: FiguresAbout;
  readonly figures: Figures;
}): VNode {
  const { now } = figures;
  if (about === 'debug') return html`<${EveryFigure} figures=${figures} />`;
  if (now.deployments.n === 0 && now.changeFailRate.n === 0) {
    return html`<${Nothing} title="Nothing went to production in this time" text="Figures are worked out from releases that were served to people. Widen the window, or ship something." />`;
  }
  return about === 'leads'
    ? html`<${ForLeads} figures=${figures} />`
    : html`<${ForOnCall} figures=${figures} />`;
}

/** What the address asks for, as the server takes it. */
function wishOf(query: URLSearchParams): Asked {
  const service = query.get('service');
  const environment = query.get('environment');
  return {
    days: query.get('days') ?? '30',
    ...(service === null ? {} : { service }),
    ...(environment === null ? {} : { environment }),
  };
}
