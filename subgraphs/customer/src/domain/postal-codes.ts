import { err, ok, type Result } from '@stoa/platform/result'

interface PostalRule {
  readonly form: RegExp
  readonly expected: string
}

/** The countries we know by heart; forms as their posts publish them. */
const RULES: Readonly<Record<string, PostalRule>> = {
  AT: { form: /^[1-9]\d{3}$/, expected: '4 digits such as "1010"' },
  CH: { form: /^[1-9]\d{3}$/, expected: '4 digits such as "8001"' },
  DE: { form: /^(0[1-9]|[1-9]\d)\d{3}$/, expected: '5 digits such as "10115"' },
  ES: { form: /^(0[1-9]|[1-4]\d|5[0-2])\d{3}$/, expected: '5 digits from 01001 to 52999' },
  FR: { form: /^(0[1-9]|[1-8]\d|9[0-8])\d{3}$/, expected: '5 digits such as "75001"' },
  GB: {
    form: /^(GIR 0AA|[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})$/,
    expected: 'a postcode such as "SW1A 1AA"',
  },
  IT: { form: /^\d{5}$/, expected: '5 digits such as "20121"' },
}
const ELSEWHERE: PostalRule = {
  form: /^[A-Z\d][A-Z\d -]{0,11}$/,
  expected: '1 to 12 letters, digits, blanks or hyphens',
}

/** The code as the country's post writes it, or what was expected of it. */
export function readPostalCode(country: string, text: string): Result<string, string> {
  const rule = RULES[country] ?? ELSEWHERE
  const upper = text.trim().toUpperCase()
  const code = country === 'GB' ? spaced(upper) : upper
  return rule.form.test(code) ? ok(code) : err(rule.expected)
}

/** People write "sw1a1aa"; the inward part is always the last three. */
function spaced(code: string): string {
  const bare = code.replaceAll(/\s/g, '')
  return `${bare.slice(0, -3)} ${bare.slice(-3)}`
}
