/**
 * The few functions of ECharts that are used. Its own declarations need a browser's and do not
 * agree with exact optional properties, so a build without any is taken; what we ask of it is
 * written here.
 */
declare module 'echarts/dist/echarts.esm.min.mjs' {
  export function init(
    element: null,
    theme: null,
    options: { renderer: 'svg'; ssr: true; width: number; height: number },
  ): {
    setOption(option: Readonly<Record<string, unknown>>): void;
    renderToSVGString(): string;
    dispose(): void;
  };
}
