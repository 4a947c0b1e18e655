import type { z } from 'zod'
import { Fault } from './fault.ts'
import { err, ok, type Result } from './result.ts'
import type { Env } from './subgraph.ts'

/** One variable that is not as it must be. */
export interface ConfigProblem {
  readonly variable: string
  /** What was found; never the value of a secret. */
  readonly got: string
  readonly expected: string
  readonly example?: string
}

export type ConfigProblems = readonly ConfigProblem[]

/**
 * Reads the variables a schema names, and reports everything that is wrong with them at once. A field may say more
 * of itself with `.meta({ example: 'https://…', secret: true })`. A variable set to nothing counts as not set.
 */
export function readConfig<Shape extends z.core.$ZodLooseShape>(
  schema: z.ZodObject<Shape>,
  env: Env,
): Result<z.output<z.ZodObject<Shape>>, ConfigProblems> {
  const present = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = schema.safeParse(present)
  if (parsed.success) return ok(parsed.data)
  return err(parsed.error.issues.map((issue) => toProblem(schema.shape, issue, present)))
}

/** As `readConfig`, for `main.ts`: refuses to start with one fault that lists every problem. */
export function requireConfig<Shape extends z.core.$ZodLooseShape>(
  schema: z.ZodObject<Shape>,
  env: Env,
): z.output<z.ZodObject<Shape>> {
  const config = readConfig(schema, env)
  if (config.ok) return config.value
  const lines = config.error.map(describeProblem)
  throw new Fault(
    'BAD_CONFIG',
    `The configuration is wrong. Correct these and start again:\n${lines.join('\n')}`,
  )
}

function describeProblem({ variable, got, expected, example }: ConfigProblem): string {
  const hint = example === undefined ? '' : `, for example ${variable}=${example}`
  return `  ${variable}: got ${got}, expected ${expected}${hint}`
}

function toProblem(shape: object, issue: z.core.$ZodIssue, env: Env): ConfigProblem {
  const variable = String(issue.path[0] ?? '(together)')
  const meta = metaOf(Reflect.get(shape, variable))
  const secret = meta['secret'] === true || SECRET_NAME.test(variable)
  const problem = {
    variable,
    got: describeValue(env[variable], secret),
    expected: expectation(issue, secret),
  }
  const example = meta['example']
  return example === undefined ? problem : { ...problem, example: String(example) }
}

const SECRET_NAME = /SECRET|PASSWORD|TOKEN|CREDENTIAL|PRIVATE|_KEY$|^KEY$/i

function describeValue(value: string | undefined, secret: boolean): string {
  if (value === undefined) return 'nothing'
  if (secret) return `a secret of ${value.length} characters`
  // User names and passwords hide in URLs.
  const shown = value.replace(/\/\/[^/@\s]*@/, '//…@')
  return JSON.stringify(shown.length > 80 ? `${shown.slice(0, 80)}…` : shown)
}

/** "Invalid input: expected string, received undefined" says what came twice; we keep what was expected. */
function expectation(issue: z.core.$ZodIssue, secret: boolean): string {
  if (issue.code === 'invalid_value') return secret ? 'another value' : `one of ${issue.values.join(', ')}`
  if (issue.code === 'invalid_format') return `a valid ${issue.format}`
  return /expected (.*?)(?:, received .*)?$/.exec(issue.message)?.[1] ?? issue.message
}

/** Defaults and optionals wrap the schema that carries the description. */
function metaOf(schema: unknown): Readonly<Record<string, unknown>> {
  let current = schema
  while (typeof current === 'object' && current !== null) {
    const meta = 'meta' in current && typeof current.meta === 'function' ? current.meta() : undefined
    if (meta) return meta
    current = 'unwrap' in current && typeof current.unwrap === 'function' ? current.unwrap() : undefined
  }
  return {}
}
