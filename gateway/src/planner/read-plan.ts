import type {
  BatchFetchNode,
  EntityBatchAlias,
  FetchNode,
  FetchNodePathSegment,
  FetchRewrite,
  FlattenNodePathSegment,
  PlanNode as LibraryNode,
  RequiresSelection,
} from '@graphql-hive/router-query-planner'
import { Fault } from '@stoa/platform/fault'
import type {
  EntityBatch,
  EntityFetchNode,
  PathSegment,
  PlanNode,
  Requirement,
  Rewrite,
  RewriteSegment,
} from './plan.ts'

/** Translates the library's plan into ours, refusing whatever the engine does not know how to run. */
export function readPlan(node: LibraryNode): PlanNode {
  switch (node.kind) {
    case 'Sequence':
      return { kind: 'sequence', nodes: node.nodes.map(readPlan) }
    case 'Parallel':
      return { kind: 'parallel', nodes: node.nodes.map(readPlan) }
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        // The library says null where its types say undefined.
        whenTrue: node.ifClause ? readPlan(node.ifClause) : undefined,
        whenFalse: node.elseClause ? readPlan(node.elseClause) : undefined,
      }
    case 'Fetch':
      return { kind: 'root', ...fetchParts(node), outputRewrites: readRewrites(node.outputRewrites) }
    case 'BatchFetch':
      return { kind: 'entities', ...fetchParts(node), batches: node.entityBatch.aliases.map(readBatch) }
    case 'Flatten':
      return readFlatten(node.path, node.node)
    case 'Subscription':
      // Its source's events take the place of this sub-request's answer; the rest of the plan is run on each.
      return {
        kind: 'root',
        ...fetchParts(node.primary),
        outputRewrites: readRewrites(node.primary.outputRewrites),
      }
    case 'Defer':
      throw new Fault('BAD_SCHEMA', `The planner made a ${node.kind} node, which this engine does not run.`)
  }
}

function readFlatten(path: readonly FlattenNodePathSegment[], node: LibraryNode): EntityFetchNode {
  if (node.kind !== 'Fetch')
    throw new Fault('BAD_SCHEMA', `The planner put a ${node.kind} node inside a Flatten node.`)
  const batch: EntityBatch = {
    key: '_entities',
    representationsVariable: 'representations',
    paths: [path.map(readSegment)],
    requires: (node.requires ?? []).map(readRequirement),
    inputRewrites: readRewrites(node.inputRewrites),
    outputRewrites: readRewrites(node.outputRewrites),
  }
  return { kind: 'entities', ...fetchParts(node), batches: [batch] }
}

function readBatch(alias: EntityBatchAlias): EntityBatch {
  return {
    key: alias.alias,
    representationsVariable: alias.representationsVariableName,
    paths: alias.paths.map((path) => path.map(readSegment)),
    requires: alias.requires.map(readRequirement),
    inputRewrites: readRewrites(alias.inputRewrites),
    outputRewrites: readRewrites(alias.outputRewrites),
  }
}

function fetchParts(node: FetchNode | BatchFetchNode): {
  subgraph: string
  operation: string
  operationName: string | undefined
  variables: readonly string[]
} {
  return {
    subgraph: node.serviceName,
    operation: node.operation,
    operationName: node.operationName,
    variables: node.variableUsages ?? [],
  }
}

function readSegment(segment: FlattenNodePathSegment): PathSegment {
  if (segment === '@') return { kind: 'items' }
  if ('Field' in segment) return { kind: 'field', name: segment.Field }
  return { kind: 'types', names: segment.TypeCondition }
}

function readRequirement(selection: RequiresSelection): Requirement {
  switch (selection.kind) {
    case 'Field':
      return {
        kind: 'field',
        name: selection.alias ?? selection.name,
        from: selection.name,
        inner: selection.selections && withTypename(selection.selections.map(readRequirement)),
      }
    case 'InlineFragment':
      return {
        kind: 'on',
        type: selection.typeCondition,
        inner: selection.selections.map(readRequirement),
        skipIf: selection.skipIf,
        includeIf: selection.includeIf,
      }
    case 'FragmentSpread':
      throw new Fault('BAD_SCHEMA', 'The planner requires a named fragment, which this engine does not run.')
  }
}

/** Who is told parts of an object for each type that it may have is told which it has. */
function withTypename(inner: readonly Requirement[]): readonly Requirement[] {
  const isThere = inner.some((one) => one.kind === 'field' && one.name === '__typename')
  return isThere || !inner.some(({ kind }) => kind === 'on') ? inner : [TYPENAME, ...inner]
}

const TYPENAME: Requirement = { kind: 'field', name: '__typename', from: '__typename', inner: undefined }

function readRewrites(rewrites: readonly FetchRewrite[] | undefined): readonly Rewrite[] {
  return (rewrites ?? []).map((rewrite) => {
    if ('KeyRenamer' in rewrite) {
      const { path, renameKeyTo } = rewrite.KeyRenamer
      return { kind: 'rename', path: path.map(readRewriteSegment), to: renameKeyTo }
    }
    const { path, setValueTo } = 'ValueSetter' in rewrite ? rewrite.ValueSetter : rewrite
    return { kind: 'set', path: path.map(readRewriteSegment), value: setValueTo }
  })
}

function readRewriteSegment(segment: FetchNodePathSegment): RewriteSegment {
  return 'Key' in segment
    ? { kind: 'key', name: segment.Key }
    : { kind: 'types', names: segment.TypenameEquals }
}
