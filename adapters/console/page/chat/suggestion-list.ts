import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { html } from '#adapters/console/page/html.ts';
import type { CommandDescriptor, CommandField } from '#core/command.ts';
import { optionName } from '#core/completion.ts';
import { offer } from './suggestions.ts';

interface ListProps {
  readonly id: string;
  readonly chosen: number;
  readonly onTake: (insert: string) => void;
}

/** What may be typed next, above the composer, and the shape of the command. */
export function SuggestionList({ id, chosen, onTake }: ListProps): VNode | null {
  const list = useRef<HTMLUListElement>(null);
  const shown = offer.value;
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  if (shown === null) return null;
  return html`<div class="suggestions">
    ${shown.command === null ? null : html`<${Shape} command=${shown.command} field=${shown.field} />`}
    <ul role="listbox" id=${id} ref=${list} aria-label="Suggestions">${shown.suggestions.map(
      ({ insert, label, detail }, index) => html`<li
        role="option"
        id=${`${id}-${index}`}
        key=${label}
        aria-selected=${index === chosen}
        onMouseDown=${(event: Event) => {
          event.preventDefault();
          onTake(insert);
        }}
      ><b>${label}</b><span>${detail}</span></li>`,
    )}</ul>
  </div>`;
}

function Shape({
  command,
  field,
}: {
  readonly command: CommandDescriptor;
  readonly field: string | null;
}): VNode {
  const present = command.fields.find(({ name }) => name === field);
  return html`<div class="shape">
    <code>${command.name} ${command.fields.map((one) => html`<span data-present=${one.name === field}>${shapeOf(one)} </span>`)}</code>
    <span class="shape-help">${present?.summary ?? command.summary}</span>
  </div>`;
}

function shapeOf(field: CommandField): string {
  const value = field.kind === 'flag' ? `--${optionName(field)}` : `<${optionName(field)}>`;
  const whole = field.introducedBy === undefined ? value : `${field.introducedBy} ${value}`;
  return field.required ? whole : `[${whole}]`;
}
