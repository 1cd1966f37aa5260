import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { dayName, now, sameDay } from '#adapters/console/page/clock.ts';
import { html } from '#adapters/console/page/html.ts';
import { get } from '#adapters/console/page/http.ts';
import { Nothing } from '#adapters/console/page/nothing.ts';
import { PageHead } from '#adapters/console/page/page-head.ts';
import { Problem } from '#adapters/console/page/problem.ts';
import { useResource } from '#adapters/console/page/resource.ts';
import { navigate } from '#adapters/console/page/router.ts';
import { SearchField } from '#adapters/console/page/search-field.ts';
import { Time } from '#adapters/console/page/view/spans.ts';
import type { Releases } from '#adapters/console/wire.ts';
import { standing, toneOf, tookWords } from '#core/cards/standing.ts';

const pageSize = 40;

/** All releases, newest first, with a search over everything people remember of one. */
export function ReleasesPage({ query }: { readonly query: URLSearchParams }): VNode {
  const text = useSignal(query.get('text') ?? '');
  const wanted = useSignal(text.value);
  const older = useSignal<Releases>([]);
  const { value, problem } = useResource<Releases>('/api/rollouts', { text: wanted.value });
  const first = value.value;
  const all = [...(first ?? []), ...older.value];
  const more =
    older.value.length === 0 ? first?.length === pageSize : older.value.length % pageSize === 0;

  useEffect(() => {
    // Only words that were typed change the address: who only looks in may be elsewhere by then.
    if (text.value.trim() === wanted.peek()) return;
    const timer = setTimeout(() => {
      wanted.value = text.value.trim();
      older.value = [];
      const search = wanted.value === '' ? '' : `?text=${encodeURIComponent(wanted.value)}`;
      navigate(`/rollouts${search}`, true);
    }, 180);
    return () => clearTimeout(timer);
  }, [text.value]);

  async function loadOlder(): Promise<void> {
    const last = all.at(-1);
    if (last === undefined) return;
    const found = await get<Releases>('/api/rollouts', { text: wanted.value, before: last.id });
    older.value = [...older.value, ...found];
  }

  return html`<section class="pane" aria-label="Releases">
    <${PageHead} title="Releases" detail="All that went out, and what is on its way">
      <${SearchField} label="Search releases" value=${text} />
    <//>
    <div class="scroll"><div class="wide">
      <${Problem} refusal=${problem.value} />
      ${days(all)}
      ${first !== null && all.length === 0 ? html`<${Nothing} title=${wanted.value === '' ? 'No releases yet' : 'Nothing found'} text=${wanted.value === '' ? 'The first one will stand here from the moment it is asked for.' : 'No release has these words in its name, its reason or its people.'} />` : null}
      ${
        more
          ? html`<button class="button more" data-style="plain" onClick=${() => {
              loadOlder().catch(() => undefined);
            }}>Older releases</button>`
          : null
      }
    </div></div>
  </section>`;
}

function days(all: Releases): readonly VNode[] {
  const groups: { readonly at: number; readonly of: Releases[number][] }[] = [];
  for (const release of all) {
    const last = groups.at(-1);
    if (last !== undefined && sameDay(last.at, release.requestedAt)) last.of.push(release);
    else groups.push({ at: release.requestedAt, of: [release] });
  }
  return groups.map(
    ({ at, of }) => html`<section class="release-day" key=${at}>
      <h2>${dayName(at, now.peek())}</h2>
      <ul>${of.map((release) => html`<${Row} release=${release} key=${release.id} />`)}</ul>
    </section>`,
  );
}

function Row({ release }: { readonly release: Releases[number] }): VNode {
  const { id, service, environment, artifact, intent, requester, reason, plan } = release;
  const from = plan?.previous?.version;
  const change = intent === 'rollback' ? `back to ${artifact.version}` : artifact.version;
  return html`<li><a class="release-row" href=${`/rollouts/${encodeURIComponent(id)}`} data-tone=${toneOf(release)}>
    <span class="pip" aria-hidden="true"></span>
    <span class="release-what"><b>${service} ${change}</b> <span class="release-where">${environment}</span></span>
    <span class="release-standing">${standing(release)}</span>
    <span class="release-reason">${reason === '' ? (from === undefined ? '' : `after ${from}`) : reason}</span>
    <span class="release-who">${requester.displayName}</span>
    <span class="release-when"><${Time} at=${release.requestedAt} as="clock" /><span class="release-took">${tookWords(release) ?? ''}</span></span>
  </a></li>`;
}
