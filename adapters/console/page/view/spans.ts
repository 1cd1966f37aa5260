import type { ComponentChild, VNode } from 'preact';
import { clockTime, dateTime, now, relative } from '#adapters/console/page/clock.ts';
import { html } from '#adapters/console/page/html.ts';
import { session } from '#adapters/console/page/session.ts';
import type { Line, Span } from '#core/message.ts';

/** `<service>-<number>`: what Signalbox writes so as code is the name of a release. */
const rolloutId = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?-[1-9]\d*$/;

/** A line of text with its spans. Everything in it is data: Preact writes it as text. */
export function spans(line: Line): readonly ComponentChild[] {
  return line.map(span);
}

function span(part: Span): ComponentChild {
  if (typeof part === 'string') return part;
  switch (part.kind) {
    case 'strong':
      return html`<strong>${part.text}</strong>`;
    case 'code':
      return rolloutId.test(part.text)
        ? html`<a class="code-link" href=${`/rollouts/${part.text}`}><code>${part.text}</code></a>`
        : html`<code>${part.text}</code>`;
    case 'link':
      return webLink(part.text, part.url);
    case 'person':
      return html`<span class="person" data-me=${part.account.user === session.value?.me.user}>${part.name}</span>`;
    case 'group':
      return part.name;
    case 'time':
      return html`<${Time} at=${part.at} as=${part.as} />`;
  }
}

/** Only the web's own schemes become links; a link to ourselves stays within the page. */
function webLink(text: string, url: string): ComponentChild {
  const target = URL.canParse(url, location.origin) ? new URL(url, location.origin) : null;
  if (target === null || !/^https?:$/.test(target.protocol)) return text;
  const inside = target.origin === location.origin;
  return inside
    ? html`<a href=${target.pathname + target.search}>${text}</a>`
    : html`<a href=${target.href} target="_blank" rel="noopener noreferrer">${text}</a>`;
}

/** A time that stays true while the page is open. */
export function Time({
  at,
  as,
}: {
  readonly at: number;
  readonly as: 'relative' | 'clock' | 'date';
}): VNode {
  const text =
    as === 'relative'
      ? relative(at, now.value)
      : as === 'clock'
        ? clockTime(at)
        : dateTime(at, now.value);
  const iso = new Date(at).toISOString();
  return html`<time datetime=${iso} title=${new Date(at).toLocaleString()}>${text}</time>`;
}
