import type { QueryPlan } from '@graphql-hive/router-query-planner'

type Check = (value: unknown) => boolean

/** Whether a value has the form of the library's plans, with no node or field that the engine would stumble over. */
export function isPlan(value: unknown): value is QueryPlan {
  return plan(value)
}

const text: Check = (value) => typeof value === 'string'

function only(...known: readonly unknown[]): Check {
  return (value) => known.includes(value)
}

/** Absent, or null: the library says either. */
function maybe(check: Check): Check {
  return (value) => value === undefined || value === null || check(value)
}

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check)
}

/** An object whose fields pass; others are not looked at. */
function fields(checks: Readonly<Record<string, Check>>): Check {
  const all = Object.entries(checks)
  return (value) => isRecord(value) && all.every(([name, check]) => check(value[name]))
}

function anyOf(...checks: readonly Check[]): Check {
  return (value) => checks.some((check) => check(value))
}

/** By what the object says that it is. */
function byKind(checks: Readonly<Record<string, Check>>): Check {
  const kinds = new Map(Object.entries(checks))
  return (value) => isRecord(value) && (kinds.get(String(value['kind']))?.(value) ?? false)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const texts = listOf(text)
const rewritePath = listOf(anyOf(fields({ TypenameEquals: texts }), fields({ Key: text })))
const setter = fields({ path: rewritePath, setValueTo: text })
const renamer = fields({ path: rewritePath, renameKeyTo: text })
const rewrites = maybe(
  listOf(
    anyOf(
      fields({ ValueSetter: setter }),
      fields({ KeyRenamer: renamer }),
      (value) => fields({ kind: only('ValueSetter') })(value) && setter(value),
    ),
  ),
)
const flattenPath = listOf(anyOf(only('@'), fields({ Field: text }), fields({ TypeCondition: texts })))

const requirement: Check = byKind({
  Field: fields({ name: text, alias: maybe(text), selections: maybe(listOf((one) => requirement(one))) }),
  InlineFragment: fields({
    typeCondition: text,
    selections: listOf((one) => requirement(one)),
    skipIf: maybe(text),
    includeIf: maybe(text),
  }),
})
const requirements = listOf(requirement)

const fetchParts = {
  serviceName: text,
  operation: text,
  operationName: maybe(text),
  operationKind: maybe(only('query', 'mutation', 'subscription')),
  variableUsages: maybe(texts),
}
const plainFetch = fields({
  ...fetchParts,
  requires: maybe(requirements),
  inputRewrites: rewrites,
  outputRewrites: rewrites,
})
const batch = fields({
  alias: text,
  representationsVariableName: text,
  paths: listOf(flattenPath),
  requires: requirements,
  inputRewrites: rewrites,
  outputRewrites: rewrites,
})
const fetchNode = byKind({ Fetch: plainFetch })
const nodes = fields({ nodes: listOf((one) => node(one)) })
const branch = maybe((one) => node(one))

const node: Check = byKind({
  Sequence: nodes,
  Parallel: nodes,
  Condition: fields({ condition: text, ifClause: branch, elseClause: branch }),
  Fetch: plainFetch,
  BatchFetch: fields({ ...fetchParts, entityBatch: fields({ aliases: listOf(batch) }) }),
  Flatten: fields({ path: flattenPath, node: fetchNode }),
  Subscription: fields({ primary: fetchNode }),
})
const plan = fields({ kind: only('QueryPlan'), node: maybe(node) })
