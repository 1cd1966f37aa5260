import type { AlertEffect, AlertRule, AlertSettings } from '#core/settings/alerts.ts';
import type { RegistryLookup } from '#core/settings/lookup.ts';
import type { Aim } from './alert.ts';

type Labels = Readonly<Record<string, string>>;

/**
 * What an alert is about, by the settings alone: the first rule whose labels all match, else the
 * configured label when it holds the exact name of a service. No other label is looked at, so none
 * can aim a release's buttons elsewhere. Null when the settings do not tell.
 */
export function aimOf(
  labels: Labels,
  settings: AlertSettings,
  lookup: Pick<RegistryLookup, 'path'>,
): Aim | null {
  const rule = settings.rules.find((one) => matches(one, labels));
  const service = rule?.service ?? own(labels, settings.serviceLabel);
  if (service === undefined) return null;
  const path = lookup.path(service);
  const said = own(labels, settings.environmentLabel);
  const environment = rule?.environment ?? said ?? settings.environment ?? path.at(-1);
  if (environment === undefined || !path.includes(environment)) return null;
  return { service, environment };
}

/** What an alert of a severity does to a release under way. */
export function effectOf(severity: string, settings: AlertSettings): AlertEffect {
  return own(settings.severities, severity) ?? 'note';
}

function matches({ match }: AlertRule, labels: Labels): boolean {
  return Object.entries(match).every(([name, pattern]) => {
    const value = own(labels, name);
    return value !== undefined && fits(pattern, value);
  });
}

/** `*` stands for any text. Looks at each part once, so no value makes it slow. */
export function fits(pattern: string, value: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return value === pattern;
  if (!value.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = value.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return value.length - last.length >= from && value.endsWith(last);
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
