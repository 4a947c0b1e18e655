import { err, ok, type Result } from '@stoa/platform/result'
import { cleanText } from './check-text.ts'
import type { Customer, CustomerDecision, CustomerRefusal } from './customer.ts'

/** What a person says about themselves; absent means unchanged. */
export interface ProfileChange {
  readonly name?: string
  readonly email?: string
  readonly language?: string
  readonly marketingConsent?: boolean
}

export interface Registration {
  readonly customerId: string
  readonly name: string
  readonly email: string
  readonly language: string
  readonly marketingConsent: boolean
}

export function register(
  now: Customer | undefined,
  asked: Registration,
): Result<CustomerDecision, readonly CustomerRefusal[]> {
  if (now) return err([alreadyRegistered(asked.customerId)])
  const checked = checkProfile(asked)
  if (!checked.ok) return checked
  const { customerId } = asked
  const customer = { ...asked, ...checked.value, addresses: [], addressesGiven: 0, facts: 1 }
  return ok({ customer, facts: [{ type: 'CustomerRegistered', data: { customerId } }] })
}

/** Nothing is told of it: there is no fact about a person in which their data would not have to stand. */
export function updateProfile(
  now: Customer,
  change: ProfileChange,
): Result<CustomerDecision, readonly CustomerRefusal[]> {
  const checked = checkProfile(change)
  return checked.ok ? ok({ customer: { ...now, ...checked.value }, facts: [] }) : checked
}

const LONGEST_NAME = 100
/** RFC 5321: 254 characters is the longest path that mail can be sent to. */
const LONGEST_EMAIL = 254
/** What a mail server is asked, not the whole of RFC 5322: quoted and commented forms are refused. */
const EMAIL = /^[^\s@"(),:;<>[\\\]]{1,64}@[^\s@.,:;<>()[\\\]]+(\.[^\s@.,:;<>()[\\\]]+)+$/u

interface TextRule {
  readonly field: 'name' | 'email' | 'language'
  readonly clean: (text: string) => string | undefined
  readonly expected: string
}

const RULES: readonly TextRule[] = [
  {
    field: 'name',
    clean: (text) => cleanText(text, LONGEST_NAME),
    expected: `1 to ${LONGEST_NAME} printable characters`,
  },
  { field: 'email', clean: cleanEmail, expected: 'an e-mail address such as ada@example.test' },
  { field: 'language', clean: canonicalLanguage, expected: 'a language tag such as "it" or "de-CH"' },
]

/** What was given, as it is kept; or all that is wrong at once, so that a form can show it. */
function checkProfile(asked: ProfileChange): Result<ProfileChange, readonly CustomerRefusal[]> {
  const { marketingConsent } = asked
  const given = RULES.flatMap((rule) => {
    const text = asked[rule.field]
    return text === undefined ? [] : [{ rule, clean: rule.clean(text) }]
  })
  const wrong = given.filter(({ clean }) => clean === undefined)
  if (wrong.length > 0) return err(wrong.map(({ rule }) => invalid(rule)))
  const texts = Object.fromEntries(given.map(({ rule, clean }) => [rule.field, clean]))
  return ok({ ...texts, ...(marketingConsent !== undefined && { marketingConsent }) })
}

function cleanEmail(text: string): string | undefined {
  const clean = cleanText(text, LONGEST_EMAIL)
  return clean !== undefined && EMAIL.test(clean) ? clean : undefined
}

function canonicalLanguage(tag: string): string | undefined {
  if (tag.length > 35) return undefined
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}

function invalid({ field, expected }: TextRule): CustomerRefusal {
  return { code: 'INVALID_PROFILE', message: `Expected ${field} to be ${expected}.`, path: [field] }
}

function alreadyRegistered(customerId: string): CustomerRefusal {
  const message = `${customerId} has a profile already. Change it with profileUpdate.`
  return { code: 'ALREADY_REGISTERED', message }
}
