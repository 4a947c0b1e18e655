import type { FlattenNodePathSegment, PlanNode } from '@graphql-hive/router-query-planner'
import { Kind, parse, type SelectionNode } from 'graphql'
import { ENTRY } from './entry-supergraph.ts'

/** A plan from an entity onward. */
export interface Onward {
  /** Of the entity, what the plan begins with. */
  readonly needed: readonly SelectionNode[]
  readonly node: PlanNode | undefined
}

/** Takes the first step, which nobody carries out, from a plan, and lets the others begin at `path`. */
export function reroot(plan: PlanNode, path: readonly FlattenNodePathSegment[]): Onward {
  const needed: SelectionNode[] = []
  const node = moved(plan, { path, needed })
  return { needed, node }
}

interface Moving {
  readonly path: readonly FlattenNodePathSegment[]
  readonly needed: SelectionNode[]
}

function moved(node: PlanNode, moving: Moving): PlanNode | undefined {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel': {
      const nodes = node.nodes.flatMap((step) => moved(step, moving) ?? [])
      return nodes.length > 1 ? { ...node, nodes } : nodes[0]
    }
    case 'Flatten':
      return { ...node, path: movedPath(node.path, moving) }
    case 'BatchFetch': {
      const aliases = node.entityBatch.aliases.map((alias) => ({
        ...alias,
        paths: alias.paths.map((path) => movedPath(path, moving)),
      }))
      return { ...node, entityBatch: { aliases } }
    }
    case 'Fetch':
      if (node.serviceName !== ENTRY) throw new Error(`A plan from an entity begins in ${node.serviceName}.`)
      moving.needed.push(...belowRoot(node.operation))
      return undefined
    default:
      throw new Error(`A plan from an entity has a ${node.kind} node.`)
  }
}

function movedPath(
  [, ...rest]: readonly FlattenNodePathSegment[],
  { path }: Moving,
): FlattenNodePathSegment[] {
  return [...path, ...rest]
}

function belowRoot(operation: string): readonly SelectionNode[] {
  const [node] = parse(operation, { noLocation: true }).definitions
  const [root] = node?.kind === Kind.OPERATION_DEFINITION ? node.selectionSet.selections : []
  return root?.kind === Kind.FIELD ? (root.selectionSet?.selections ?? []) : []
}
