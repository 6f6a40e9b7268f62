// The HTML of a webview: nothing but the page's own style sheet and script, from the extension's bundle. All content is drawn by the script.
import type { Start } from './protocol.ts';

export interface Shell {
  readonly name: string;
  readonly title: string;
  readonly script: string;
  readonly style: string;
  readonly nonce: string;
  readonly start: Start;
}

export function shellHtml({ name, title, script, style, nonce, start }: Shell): string {
  // `img-src data:` is what a page draws itself, for an export as PNG.
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" nonce="${nonce}" href="${escapeHtml(style)}">
</head>
<body data-view="${escapeHtml(name)}" data-start="${escapeHtml(JSON.stringify(start))}">
<main id="view"></main>
<div id="announcer" class="visually-hidden" role="status" aria-live="polite"></div>
<script nonce="${nonce}" src="${escapeHtml(script)}"></script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
