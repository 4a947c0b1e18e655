import { parseArgs } from 'node:util'

type Flags = Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly multiple?: boolean }>>

export interface Said<Name extends string> {
  readonly problems: string[]
  /** What belongs to no option. */
  readonly positionals: readonly string[]
  has(name: Name): boolean
  /** In the order given; `undefined` where the value is missing. */
  valuesOf(name: Name): readonly (string | undefined)[]
}

/** Not strict, so that every mistake is found and not only the first. */
export function readArgs<F extends Flags>(args: readonly string[], flags: F): Said<keyof F & string> {
  const { tokens } = parseArgs({
    args: [...args],
    options: flags,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const given = tokens.filter((token) => token.kind === 'option')
  const known = Object.keys(flags).map((name) => `--${name}`)
  const problems = given
    .filter(({ name }) => !Object.hasOwn(flags, name))
    .map(({ rawName }) => `${rawName}: there is no such option. Known: ${known.join(', ')}.`)
  const valuesOf = (name: string): readonly (string | undefined)[] =>
    given.filter((token) => token.name === name).map((token) => token.value)
  for (const [name, { type }] of Object.entries(flags))
    if (type === 'boolean' && given.some((token) => token.name === name && token.value !== undefined))
      problems.push(`--${name}: expected no value. Leave it out, or give --${name} alone.`)
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []))
  return { problems, positionals, valuesOf, has: (name) => given.some((token) => token.name === name) }
}

/** The only value of an option that may be given once; adds to `problems` when it is another. */
export function textOption<Name extends string>(
  said: Said<Name>,
  name: Name,
  { example }: { readonly example: string },
): string | undefined {
  const values = said.valuesOf(name)
  const value = values.at(-1)
  if (values.length === 0 || (values.length === 1 && isText(value))) return value
  const got = values.length > 1 ? `${values.length} of them` : JSON.stringify(value ?? '')
  said.problems.push(`--${name}: expected one value, got ${got}. Example: --${name} ${example}`)
  return undefined
}

export function isText(value: string | undefined): value is string {
  return value !== undefined && value !== '' && !value.startsWith('--')
}
