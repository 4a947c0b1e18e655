import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import type { Account } from './accounts.ts'
import { createAttempts } from './attempts.ts'
import { loginForm } from './login-form.ts'
import type { IssuerOptions } from './options.ts'

/** Answers whether the request was for a login page. */
export type LoginPages = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

const MAX_FORM_BYTES = 4_096

export function createLoginPages(provider: Provider, parts: IssuerOptions): LoginPages {
  const byEmail = new Map(parts.accounts.map((account) => [account.email, account]))
  const attempts = createAttempts(parts.clock)
  return async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return false
    if (request.method === 'GET') sendForm(response, 200, '')
    else await submit({ provider, request, response, byEmail, attempts })
    return true
  }
}

interface Submission {
  readonly provider: Provider
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly byEmail: ReadonlyMap<string, Account>
  readonly attempts: ReturnType<typeof createAttempts>
}

async function submit({ provider, request, response, byEmail, attempts }: Submission): Promise<void> {
  const form = await readForm(request)
  const email = form?.get('email') ?? ''
  if (attempts.exhausted(email))
    return sendForm(response, 429, 'Too many tries for this account. Wait a minute.')
  const account = byEmail.get(email)
  // The comparison runs for unknown accounts too, so that its time does not tell which exist.
  const right = sameText(form?.get('password') ?? '', account?.password ?? 'no such account')
  if (!account || !right) {
    attempts.failed(email)
    return sendForm(response, 401, 'This e-mail and password do not belong together.')
  }
  await provider.interactionFinished(request, response, { login: { accountId: account.sub } })
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > MAX_FORM_BYTES) return undefined
  }
  return new URLSearchParams(text)
}

function sameText(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}

function sendForm(response: ServerResponse, status: number, problem: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  })
  response.end(loginForm(problem))
}
