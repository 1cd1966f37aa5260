import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { Nothing } from '#adapters/console/page/nothing.ts';
import { PageHead } from '#adapters/console/page/page-head.ts';
import { Problem } from '#adapters/console/page/problem.ts';
import { useResource } from '#adapters/console/page/resource.ts';
import { type FiguresAbout, navigate } from '#adapters/console/page/router.ts';
import type { Figures } from '#adapters/console/wire.ts';
import { EveryFigure } from './every-figure.ts';
import { ForLeads } from './for-leads.ts';
import { ForOnCall } from './for-on-call.ts';

const views = [
  ['leads', '/figures', 'For leads'],
  ['on-call', '/figures/on-call', 'For on-call'],
  ['debug', '/figures/debug', 'Every figure'],
] as const;

const windows = [7, 30, 90, 365] as const;

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
  const what = asked['service'] ?? asked['environment'] ?? 'everything';

  return html`<section class="pane" aria-label="Figures">
    <${PageHead} title="Figures" detail=${`Of ${what}, from the history alone`}>
      <nav class="exports" aria-label="Export">
        <a href=${`/api/figures.csv?${search}`} download>Figures as CSV</a>
        <a href=${`/api/figures/releases.csv?${search}`} download>Releases as CSV</a>
        <a href=${`/api/figures?${search}`} download="figures.json">JSON</a>
      </nav>
    <//>
    <div class="scroll"><div class="wide">
      <div class="choices">
        <nav class="tabs" aria-label="For whom">${views.map(
          ([name, path, label]) =>
            html`<a key=${name} href=${`${path}?${search}`} aria-current=${about === name ? 'page' : null}>${label}</a>`,
        )}</nav>
        <label class="choice">Over <select onChange=${(event: Event) => {
          if (!(event.target instanceof HTMLSelectElement)) return;
          const path = views.find(([name]) => name === about)?.[1] ?? '/figures';
          navigate(`${path}?${new URLSearchParams({ ...asked, days: event.target.value })}`);
        }}>${windows.map((days) => html`<option value=${days} selected=${String(days) === asked['days']}>${days} days</option>`)}</select></label>
      </div>
      <${Problem} refusal=${problem.value} />
      ${figures === null ? null : html`<${Shown} about=${about} figures=${figures} />`}
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
function wishOf(query: URLSearchParams): Readonly<Record<string, string>> {
  const asked: Record<string, string> = { days: query.get('days') ?? '30' };
  for (const name of ['service', 'environment']) {
    const value = query.get(name);
    if (value !== null) asked[name] = value;
  }
  return asked;
}
