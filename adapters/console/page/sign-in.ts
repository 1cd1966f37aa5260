import type { VNode } from 'preact';
import { html } from './html.ts';

/** What is shown to somebody whom the server does not know, or when it cannot be reached. */
export function SignIn({ reachable }: { readonly reachable: boolean }): VNode {
  const failed = new URLSearchParams(location.search).get('sign-in') === 'failed';
  const back = encodeURIComponent(location.pathname);
  return html`<main class="sign-in">
    <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" /><path d="M10 7v19" /><path class="arm" d="M10 15 24 8.5" /></svg>
    <h1>${reachable ? 'Sign in to Signalbox' : 'Signalbox cannot be reached'}</h1>
    ${
      reachable
        ? html`<p role="status">${failed ? 'That did not work. Nothing was changed; you may try again.' : 'Releases are asked for, approved and followed here.'}</p>
          <a class="button" data-style="primary" href=${`/auth/sign-in?to=${back}`}>Continue with your account</a>`
        : html`<p>It may be restarting, or your line may be down. Releases that are under way go on without this page.</p>
          <a class="button" data-style="primary" href=${location.pathname}>Try again</a>`
    }
  </main>`;
}
