import type { ServerResponse } from 'node:http'

/**
 * Hive Laboratory from our own disk. Its editor builds styles at run time and its preflight runs user scripts in a
 * worker, hence the two `unsafe-` words; no other host is ever allowed.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data: blob:",
  "connect-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export function sendSandboxPage(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  })
  response.end(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Sandbox · Stoa</title>
<link rel="icon" href="/assets/stoa.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/sandbox.css">
</head>
<body id="body" class="no-focus-outline">
<noscript>The sandbox needs JavaScript. Without it: POST a query to /graphql.</noscript>
<a class="home" href="/"><img src="/assets/stoa.svg" alt="" width="18" height="18"> Back to Stoa</a>
<div id="root"></div>
<script src="/assets/sandbox-workers.js"></script>
<script src="/sandbox/files/laboratory.js"></script>
<script type="module" src="/assets/sandbox.js"></script>
</body>
</html>
`)
}
