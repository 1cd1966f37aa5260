import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { GuideStep } from '#adapters/console/options.ts';
import { Avatar } from './avatar.ts';
import { draft } from './chat/drafts.ts';
import { html } from './html.ts';
import { notify } from './notices.ts';
import { channelPath, navigate } from './router.ts';
import { becomePersona, session } from './session.ts';
import { mark } from './view/marks.ts';

const memory = 'signalbox-guide';
const closed = signal(localStorage.getItem(memory) === 'closed');

/** What a newcomer may try in the demo, until it is put away. */
export function Guide(): VNode | null {
  const steps = session.value?.guide ?? [];
  if (steps.length === 0 || closed.value) return null;

  function close(): void {
    localStorage.setItem(memory, 'closed');
    closed.value = true;
  }

  return html`<section class="guide" aria-label="Things to try">
    <header class="guide-head"><h2 class="guide-title">Try it</h2><button class="icon-button" aria-label="Put the list away" onClick=${close}>${mark('close')}</button></header>
    <ol>${steps.map((step) => html`<${Entry} step=${step} key=${step.text} />`)}</ol>
  </section>`;
}

function Entry({ step }: { readonly step: GuideStep }): VNode {
  const person = session.value?.people.find(({ user }) => user === step.as);
  const name = person?.name ?? step.as;
  const mine = session.value?.me.user === step.as;
  return html`<li><button class="guide-step" onClick=${() => go(step, mine)} title=${mine ? '' : `Become ${name}`}>
    <${Avatar} user=${step.as} name=${name} /><span><span class="guide-who">${name.split(' ')[0]}</span>${step.text}</span>
  </button></li>`;
}

/** Becomes the person if need be, and writes the command for them to send. */
function go({ as, command }: GuideStep, mine: boolean): void {
  const first = session.value?.channels[0]?.id ?? '';
  const text = command === undefined ? '' : `/${session.value?.command ?? ''} ${command}`;
  if (!mine) {
    const path = text === '' ? '/' : `${channelPath(first)}?say=${encodeURIComponent(text)}`;
    becomePersona(as, path).catch(() =>
      notify('danger', 'That could not be done.', 'Load the page again.'),
    );
    return;
  }
  navigate(channelPath(first));
  if (text !== '') draft(first, text);
}
