import type { Assets } from './asset-build.ts';

/** The one HTML page. Everything that it needs is named up front, so that it loads in one round trip. */
export function shell(assets: Assets, title: string): string {
  const base = `/assets/${assets.hash}`;
  const preloads = assets.modules
    .map((path) => `<link rel="modulepreload" href="${base}/${path}">`)
    .join('\n');

  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<script src="${base}/theme.js"></script>
<link rel="icon" href="${base}/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${base}/styles.css">
${preloads}
<link rel="preload" href="${base}/fonts/inter.woff2" as="font" type="font/woff2" crossorigin>
<script type="module" src="${base}/main.js"></script>
</head>
<body>
<div id="app"><div class="shell" aria-busy="true"><header class="sidebar"></header><main class="main"></main></div></div>
<noscript><p class="notice">This page needs JavaScript. The command line does the same: <code>npx signalbox help</code></p></noscript>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
