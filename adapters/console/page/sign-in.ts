import type { VNode } from 'preact';
import { html } from './html.ts';

/** What is shown to somebody whom the server does not know, or when it cannot be reached. */
export function SignIn({ reachable }: { readonly reachable: boolean }): VNode {
  const failed = new URLSearchParams(location.search).get('sign-in') === 'failed';
  const back = encodeURIComponent(location.pathname);
  return html`<main class="sign-in">
    <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" /><path d="M10 7v19" /><path class="arm" d="M10 15 24 8.5" /></svg>
    ${failed ? html`<p>That did not work. Try again.</p>` : null}
    <h1>${reachable ? 'Sign in to Signalbox' : 'Signalbox cannot be reached'}</h1>
    ${
      reachable
        ? html`<a class="button" data-style="primary" href=${`/auth/sign-in?to=${back}`}>Continue</a>`
        : html`<a class="button" data-style="primary" href=${location.pathname}>Try again</a>`
    }
  </main>`;
}
