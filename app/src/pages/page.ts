import type { ServerResponse } from 'node:http'

/** One look for every page the shop serves itself. */
export interface Page {
  readonly title: string
  /** Trusted HTML, made by us; whatever came from outside was escaped on its way in. */
  readonly body: string
  /** A script of this page, sent from the same origin. */
  readonly script?: string
}

export function sendPage(response: ServerResponse, page: Page): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  })
  response.end(html(page))
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function html(page: Page): string {
  const script = page.script === undefined ? '' : `<script type="module" src="${page.script}"></script>`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)} · Stoa</title>
<link rel="stylesheet" href="/assets/stoa.css">
<link rel="icon" href="/assets/stoa.svg" type="image/svg+xml">
${script}
</head>
<body>
<header><a class="brand" href="/"><img src="/assets/stoa.svg" alt="" width="28" height="28"> Stoa</a>
<nav aria-label="Main"><a href="/sandbox">Sandbox</a><a href="/events">Events</a><a href="/readyz">Health</a></nav></header>
<main>
${page.body}
</main>
</body>
</html>
`
}
