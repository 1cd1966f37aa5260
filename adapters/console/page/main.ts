import { render } from 'preact';
import { App } from './app.ts';
import {
  conversation,
  loadConversation,
  receive,
  reloadConversations,
} from './chat/conversations.ts';
import { takeWords } from './chat/drafts.ts';
import { startReads } from './chat/unread.ts';
import { startClock } from './clock.ts';
import { html } from './html.ts';
import { RefusedByServer } from './http.ts';
import { follow } from './live.ts';
import { startRouter } from './router.ts';
import { followOtherTabs, loadSession } from './session.ts';
import { startShortcuts } from './shortcuts.ts';
import { SignIn } from './sign-in.ts';

const root = document.getElementById('app');
if (root === null) throw new Error('The page has no place for the app');

try {
  const info = await loadSession();
  startReads();
  takeWords();
  startRouter();
  startClock();
  startShortcuts();
  followOtherTabs();
  root.replaceChildren();
  render(html`<${App} />`, root);
  follow(info.at, {
    message: receive,
    reset: () => {
      reloadConversations().catch(() => undefined);
    },
  });
  for (const { id } of info.channels) await loadConversation(conversation(id));
} catch (problem) {
  const signedOut = problem instanceof RefusedByServer && problem.status === 401;
  root.replaceChildren();
  render(html`<${SignIn} reachable=${signedOut} />`, root);
}
