import { html } from '#adapters/console/page/html.ts';
export function ReleasesPage({ query }: { query: URLSearchParams }) {
  return html`<p>${query.size}</p>`;
}
