/** Where people sign in. `problem` is text of ours, never of a caller. */
export function loginForm(problem: string): string {
  return page(
    'Sign in',
    `<form method="post">
<label for="email">E-mail</label><input id="email" name="email" type="email" autocomplete="username" required autofocus>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<p role="alert">${problem}</p><button>Sign in</button></form>
<p class="hint">The demo accounts stand where the shop was started, and on its first page.</p>`,
  )
}

export interface IssuerError {
  /** OAuth 2.0 error code, such as `invalid_client`. */
  readonly code: string
  readonly description: string
}

/** What somebody sees whom a head sent with a request that cannot be granted. The texts may be a caller's. */
export function errorPage({ code, description }: IssuerError): string {
  return page(
    'You cannot sign in here like this',
    `<p role="alert">${escapeHtml(description)} <code>${escapeHtml(code)}</code></p>
<p class="hint">The head that sent you here asked for something this issuer does not allow. Go back to it and tell
its developers: the documentation of heads says which client id and addresses are accepted.</p>`,
  )
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Stoa</title><style>${STYLE}</style></head>
<body><main><p class="mark">${MARK} Stoa</p><h1>${title}</h1>
${body}</main></body></html>
`
}

const MARK =
  '<svg viewBox="0 0 24 20" width="30" height="25" aria-hidden="true"><path d="M1 6 12 1l11 5v2H1zM3 9h3v8H3zm7.5 0h3v8h-3zM18 9h3v8h-3zM1 18h22v2H1z" fill="#8a3b12"/></svg>'

const STYLE = `*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;display:grid;place-items:center;min-height:100vh;margin:0;padding:1rem;background:#faf8f4;color:#22252b}
main{width:100%;max-width:22rem;padding:2rem;background:#fff;border:1px solid #e4ded2;border-radius:.75rem}
.mark{display:flex;align-items:center;gap:.6rem;margin:0;font-weight:600;color:#8a3b12}
h1{margin:.6rem 0 1rem;font-size:1.5rem}
form{display:grid;gap:.35rem}
input,button{width:100%;font:inherit;padding:.6rem .75rem;border-radius:.4rem;border:1px solid #8d8678}
input{margin-bottom:.6rem}
button{border-color:#8a3b12;background:#8a3b12;color:#fff;font-weight:600;cursor:pointer}
:focus-visible{outline:3px solid #e0a370;outline-offset:1px}
[role=alert]{color:#a02a1c;min-height:1.5em;margin:0}
.hint{margin:1rem 0 0;font-size:.875rem;color:#5c5a55}`
