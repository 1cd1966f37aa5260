import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { useResource } from '#adapters/console/page/resource.ts';
import { navigate } from '#adapters/console/page/router.ts';
import type { Places } from '#adapters/console/wire.ts';

const windows = [7, 30, 90, 365] as const;

/** What the figures are of: kept in the address, so that a link shows the same. */
export type Asked = Readonly<{ days: string } & Partial<Record<'service' | 'environment', string>>>;

interface ChoicesProps {
  /** Path of the page that shows them. */
  readonly path: string;
  readonly asked: Asked;
}

/** Over which time, of which service, in which environment. */
export function Choices({ path, asked }: ChoicesProps): VNode {
  const places = useResource<Places>('/api/places', {}, () => false).value.value;

  function choose(name: keyof Asked, value: string): void {
    const query = new URLSearchParams({ ...asked, [name]: value });
    if (value === '') query.delete(name);
    navigate(`${path}?${query}`);
  }

  function field(
    name: keyof Asked,
    label: string,
    options: readonly (readonly [string, string])[],
  ): VNode {
    return html`<label class="choice"><span>${label}</span> <select name=${name} onChange=${(
      event: Event,
    ) => {
      if (event.target instanceof HTMLSelectElement) choose(name, event.target.value);
    }}>${options.map(([value, words]) => html`<option key=${value} value=${value} selected=${value === (asked[name] ?? '')}>${words}</option>`)}</select></label>`;
  }

  const days = [...new Set([...windows.map(String), asked.days])];
  return html`<div class="choice-fields" role="group" aria-label="Of what">
    ${field(
      'days',
      'Over',
      days.map((count) => [count, `${count} days`]),
    )}
    ${field('service', 'Service', named('All services', places?.services, asked.service))}
    ${field('environment', 'Environment', named('All environments', places?.environments, asked.environment))}
  </div>`;
}

/** What can be chosen; what the address names is among it, whether it exists or not. */
function named(
  all: string,
  names: readonly string[] | undefined,
  present: string | undefined,
): readonly (readonly [string, string])[] {
  const known = new Set([...(names ?? []), ...(present === undefined ? [] : [present])]);
  return [['', all], ...[...known].map((name) => [name, name] as const)];
}
