import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Releases } from '#adapters/console/wire.ts';
import { subjectOf } from '#core/cards/standing.ts';
import { html } from './html.ts';
import { get } from './http.ts';
import { paletteOpen } from './palette-state.ts';
import { channelPath, navigate } from './router.ts';
import { session } from './session.ts';
import { type Mark, mark } from './view/marks.ts';

interface Goal {
  readonly path: string;
  readonly icon: Mark;
  readonly name: string;
  readonly detail: string;
}

/** Goes anywhere by name: pages, channels, releases. */
export function Palette(): VNode | null {
  return paletteOpen.value ? html`<${OpenPalette} />` : null;
}

function OpenPalette(): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const text = useSignal('');
  const chosen = useSignal(0);
  const found = useSignal<readonly Goal[]>(goals(''));
  useEffect(() => dialog.current?.showModal(), []);

  async function search(typed: string): Promise<void> {
    text.value = typed;
    chosen.value = 0;
    found.value = goals(typed);
    if (typed.trim() === '') return;
    const releases = await get<Releases>('/api/rollouts', { text: typed.trim() });
    if (text.value === typed) found.value = [...goals(typed), ...releases.slice(0, 8).map(goalOf)];
  }

  function close(): void {
    paletteOpen.value = false;
  }

  function go(goal: Goal | undefined): void {
    close();
    if (goal !== undefined) navigate(goal.path);
  }

  function keys(event: KeyboardEvent): void {
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const count = found.value.length;
    if (move !== 0 && count > 0) {
      event.preventDefault();
      chosen.value = (chosen.value + move + count) % count;
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      go(found.value[chosen.value]);
    }
  }

  return html`<dialog ref=${dialog} class="palette" aria-label="Go to" onClose=${close} onClick=${(
    event: Event,
  ) => {
    if (event.target === dialog.current) close();
  }}>
    <div class="palette-field">${mark('search')}<input type="text" role="combobox" aria-label="Go to a page, a channel or a release" aria-controls="palette-list" aria-expanded="true" aria-activedescendant=${`palette-${chosen.value}`} placeholder="Go to a channel, a page, a release" autocomplete="off" value=${text.value} onKeyDown=${keys} onInput=${(
      event: Event,
    ) => {
      if (event.target instanceof HTMLInputElement) {
        search(event.target.value).catch(() => undefined);
      }
    }} /></div>
    <ul role="listbox" id="palette-list" aria-label="Results">${found.value.map(
      (goal, index) =>
        html`<li role="option" id=${`palette-${index}`} key=${goal.path} aria-selected=${index === chosen.value} onClick=${() => go(goal)}>${mark(goal.icon)}<b>${goal.name}</b><span>${goal.detail}</span></li>`,
    )}</ul>
  </dialog>`;
}

function goals(typed: string): readonly Goal[] {
  const all: readonly Goal[] = [
    ...(session.value?.channels ?? []).map(
      ({ id, kind, topic }): Goal => ({
        path: channelPath(id),
        icon: kind === 'direct' ? 'inbox' : 'channel',
        name: kind === 'direct' ? 'Signalbox' : id,
        detail: topic,
      }),
    ),
    { path: '/board', icon: 'board', name: 'Board', detail: 'What runs where' },
    { path: '/rollouts', icon: 'releases', name: 'Releases', detail: 'All that went out' },
    {
      path: '/figures/on-call',
      icon: 'alert',
      name: 'On call',
      detail: 'What rings and what waits',
    },
    { path: '/figures', icon: 'figures', name: 'Figures', detail: 'How often, how fast, how safe' },
  ];
  const wanted = typed.trim().toLowerCase();
  return all.filter(({ name }) => name.toLowerCase().includes(wanted));
}

function goalOf(state: Releases[number]): Goal {
  return {
    path: `/rollouts/${encodeURIComponent(state.id)}`,
    icon: 'releases',
    name: state.id,
    detail: subjectOf(state),
  };
}
