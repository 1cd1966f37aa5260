export { GrafanaMarks } from './options.ts';
export { createGrafanaMarker } from './release-marker.ts';
