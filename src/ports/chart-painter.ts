import type { Chart } from '#core/message.ts';

/** Draws charts for platforms that have none of their own. Returns a PNG. */
export type ChartPainter = (chart: Chart) => Promise<Uint8Array>;
