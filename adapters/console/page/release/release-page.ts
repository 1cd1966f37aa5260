import { html } from '#adapters/console/page/html.ts';
export function ReleasePage({ id }: { id: string }) {
  return html`<p>${id}</p>`;
}
