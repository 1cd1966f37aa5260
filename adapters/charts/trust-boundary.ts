import { createRequire } from 'node:module';

/**
 * The few functions of ECharts that are used. Its own declarations need a browser's and do not
 * agree with exact optional properties, so they are not loaded; what we ask of it is written here.
 */
interface Echarts {
  init(
    element: null,
    theme: null,
    options: { renderer: 'svg'; ssr: true; width: number; height: number },
  ): {
    setOption(option: Readonly<Record<string, unknown>>): void;
    renderToSVGString(): string;
    dispose(): void;
  };
}

/** ECharts, drawing SVG without a browser. */
export const echarts: Echarts = createRequire(import.meta.url)('echarts');
