import { fileURLToPath } from 'node:url';
import { renderAsync } from '@resvg/resvg-js';
import { init } from 'echarts/dist/echarts.esm.min.mjs';
import type { ChartPainter } from '#ports/chart-painter.ts';
import { chartOption, fontFamily } from './chart-option.ts';

const width = 800;
const height = 400;

const fontFiles = ['DejaVuSansCondensed.ttf', 'DejaVuSansCondensed-Bold.ttf'].map((name) =>
  fileURLToPath(new URL(`fonts/${name}`, import.meta.url)),
);

/**
 * Draws charts as PNG, 800 by 400 at twice that resolution. The fonts come with it, so that a
 * machine without any draws the same picture. The drawing itself runs off the main thread.
 */
export function createChartPainter(): ChartPainter {
  return async (chart) => {
    const svg = svgOf(chart);
    const picture = await renderAsync(svg, {
      fitTo: { mode: 'zoom', value: 2 },
      font: { fontFiles, loadSystemFonts: false, defaultFontFamily: fontFamily },
      logLevel: 'off',
    });
    return picture.asPng();
  };
}

function svgOf(chart: Parameters<ChartPainter>[0]): string {
  const canvas = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    canvas.setOption(chartOption(chart));
    return canvas.renderToSVGString();
  } finally {
    canvas.dispose();
  }
}
