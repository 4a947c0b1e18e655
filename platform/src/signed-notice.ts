import { z } from 'zod'
import { err, ok, type Result } from './result.ts'
import { SIGNATURE_HEADER, verifyWebhook } from './webhook-signature.ts'

/** A vendor's notice as it came over HTTP, unread. */
export interface RawNotice {
  readonly body: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** What a notice is checked with. */
export interface NoticeCheck {
  /** WEBHOOK_SECRET. */
  readonly secret: string
  /** Epoch milliseconds. */
  readonly now: number
}

export interface NoticeProblem {
  readonly code: 'BAD_SIGNATURE' | 'BAD_NOTICE'
  readonly message: string
}

/** Accepts a notice that was signed, is JSON and has the vendor's form; says what was expected of any other. */
export function readSignedNotice<T>(
  notice: RawNotice,
  check: NoticeCheck,
  form: z.ZodType<T>,
): Result<T, NoticeProblem> {
  const header = notice.headers[SIGNATURE_HEADER]
  const signed = verifyWebhook({ body: notice.body, header: header?.toString(), ...check })
  if (!signed.ok) return signed
  const json = parseJson(notice.body)
  if (json === undefined) return badNotice('Expected JSON, got something else.')
  const parsed = form.safeParse(json)
  return parsed.success ? ok(parsed.data) : badNotice(z.prettifyError(parsed.error))
}

export function badNotice(message: string): Result<never, NoticeProblem> {
  return err({ code: 'BAD_NOTICE', message })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
