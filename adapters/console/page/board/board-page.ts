import { html } from '#adapters/console/page/html.ts';
export function BoardPage() {
  return html`<p>Board</p>`;
}
