import { createHash } from 'node:crypto';
import type { Assets } from './asset-build.ts';

/** The one HTML page, and the hash of its import map for the content security policy. */
export interface Shell {
  readonly scriptHash: string;
  html(title: string): string;
}

/** Everything the page needs is named up front, so that it loads in one round trip. */
export function createShell(assets: Assets): Shell {
  const base = `/assets/${assets.hash}`;
  const scriptHash = `sha256-${createHash('sha256').update(assets.importMap).digest('base64')}`;
  const preloads = assets.modules
    .map((path) => `<link rel="modulepreload" href="${base}/${path}">`)
    .join('\n');

  return {
    scriptHash,
    html: (title) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<script src="${base}/page/theme.ts"></script>
<link rel="icon" href="${base}/page/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${base}/page/styles.css">
<script type="importmap">${assets.importMap}</script>
${preloads}
<script type="module" src="${base}/page/main.ts"></script>
</head>
<body>
<div id="app"><div class="shell" aria-busy="true"><header class="sidebar"></header><main class="main"></main></div></div>
<noscript><p class="notice">This page needs JavaScript. The command line does the same: <code>npx signalbox help</code></p></noscript>
</body>
</html>
`,
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
