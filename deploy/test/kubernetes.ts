import type { Rendered } from './helm.ts'
import { nodeOf } from './node.ts'

/** What Kubernetes' own schema has against an object; empty when it has nothing. */
export async function problemsOf(object: Rendered): Promise<readonly string[]> {
  const { apiVersion, kind } = object
  const library: unknown = await import(`kubernetes-models/${apiVersion}/${kind}`)
  const Model = nodeOf(library).get(String(kind))
  if (!isModel(Model)) return [`there is no schema for ${apiVersion} ${kind}`]
  try {
    new Model(object).validate()
    return []
  } catch (reason) {
    return [`${kind} ${nodeOf(object).get('metadata.name')}: ${String(reason)}`]
  }
}

type Model = new (object: Rendered) => { validate(): void }

/** Each kind has a class of its name, made from the schemas that a cluster publishes. */
function isModel(value: unknown): value is Model {
  return typeof value === 'function'
}
