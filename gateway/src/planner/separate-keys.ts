import { type FieldNode, Kind, type SelectionSetNode, visit } from 'graphql'
import { fieldsInPlace, responseKey } from '../guards/fields-in-place.ts'
import { type Fragments, fragmentsOf } from '../guards/fragment-size.ts'
import { documentOf, type OperationParts } from './normalise-operation.ts'
import { type ReservedKeys, signatureOf } from './reserved-keys.ts'

/** An operation in which no response key can mean two things, and what the client calls those that had to be changed. */
export interface SeparatedOperation extends OperationParts {
  /** From the key in fetched data to the client's. */
  readonly shownKeys: ShownKeys
}

export type ShownKeys = ReadonlyMap<string, string>

/**
 * Gives fields keys of their own where the client's would be mixed up. A client may use one key for different fields
 * of different types, and any key for any field; the planner puts steps for several types together (it ends the
 * process when two fields in one of them share a key), and asks for keys and requirements beside what the client
 * wants under their own names (it then takes the client's for them).
 */
export function separateKeys(parts: OperationParts, reserved: ReservedKeys): SeparatedOperation {
  const document = documentOf(parts)
  const uses = new Map<string, Set<string>>()
  visit(document, { Field: (node) => void addTo(uses, responseKey(node), signatureOf(node)) })
  const mixed = mixedKeys(parts, uses)
  const renamed = new Map<string, string>()
  const shownKeys = new Map<string, string>()
  for (const [key, signatures] of uses)
    for (const signature of changed(key, signatures, { mixed, reserved })) {
      const own = ownKey(key, [uses, reserved, shownKeys])
      renamed.set(`${key}:${signature}`, own)
      shownKeys.set(own, key)
    }
  if (renamed.size === 0) return { ...parts, shownKeys }
  const changedDocument = visit(document, { Field: (node) => rename(node, renamed) })
  const operation = changedDocument.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  return { operation: operation ?? parts.operation, fragments: fragmentsOf(changedDocument), shownKeys }
}

interface Rules {
  readonly mixed: ReadonlySet<string>
  readonly reserved: ReservedKeys
}

/** Of the fields under one key, those that cannot keep it. */
function changed(
  key: string,
  signatures: ReadonlySet<string>,
  { mixed, reserved }: Rules,
): readonly string[] {
  if (key.startsWith(PLANNERS_OWN)) return [...signatures]
  if (reserved.has(key)) return [...signatures].filter((signature) => signature !== reserved.get(key))
  return mixed.has(key) ? [...signatures].slice(1) : []
}

/** Begins keys that the planner makes up. */
const PLANNERS_OWN = '_internal_qp_alias'

/** Keys with which different fields stand in one place of the answer, whatever the types of the objects there. */
function mixedKeys(
  { operation, fragments }: OperationParts,
  uses: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const mixed = new Set<string>()
  const candidates = [...uses].filter(([, signatures]) => signatures.size > 1)
  if (candidates.length > 0) findMixed([operation.selectionSet], fragments, mixed)
  return mixed
}

function findMixed(sets: readonly SelectionSetNode[], fragments: Fragments, mixed: Set<string>): void {
  for (const [key, nodes] of Map.groupBy(fieldsInPlace(sets, fragments), responseKey)) {
    if (new Set(nodes.map(signatureOf)).size > 1) mixed.add(key)
    const below = nodes.flatMap((node) => node.selectionSet ?? [])
    if (below.length > 0) findMixed(below, fragments, mixed)
  }
}

function ownKey(key: string, taken: readonly { has(key: string): boolean }[]): string {
  const stem = key.startsWith('_') ? `k${key}` : key
  for (let i = 1; ; i += 1) {
    const own = `${stem}_${i}`
    if (!taken.some((keys) => keys.has(own))) return own
  }
}

function rename(node: FieldNode, renamed: ReadonlyMap<string, string>): FieldNode | undefined {
  const own = renamed.get(`${responseKey(node)}:${signatureOf(node)}`)
  return own === undefined ? undefined : { ...node, alias: { kind: Kind.NAME, value: own } }
}

function addTo(uses: Map<string, Set<string>>, key: string, signature: string): void {
  const signatures = uses.get(key)
  if (signatures) signatures.add(signature)
  else uses.set(key, new Set([signature]))
}
