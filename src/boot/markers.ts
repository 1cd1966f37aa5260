import { createGrafanaMarker, GrafanaMarks } from '#adapters/grafana/index.ts';
import type { Environment } from '#core/settings/environment.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { ReleaseMarker } from '#ports/release-marker.ts';

/** What the settings name under `marks`. An adapter that is none is a bug: the boot has checked. */
export function markersOf(
  settings: Settings,
  environment: Pick<Environment, 'SIGNALBOX_GRAFANA_TOKEN'>,
): Readonly<Record<string, ReleaseMarker>> {
  const token = environment.SIGNALBOX_GRAFANA_TOKEN?.reveal() ?? null;
  const made = Object.entries(settings.marks).map(([name, { adapter, options }]) => {
    if (adapter !== 'grafana') throw new Error(`There is no adapter ${adapter}`);
    return [name, createGrafanaMarker({ options: GrafanaMarks.parse(options), token })] as const;
  });
  return Object.fromEntries(made);
}
