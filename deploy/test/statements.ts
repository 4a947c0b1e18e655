import type { Node } from './node.ts'
import type { Synthesised } from './templates.ts'

/** One statement of a policy. */
export interface Statement extends Node {
  /** Type and id of what it belongs to. */
  readonly where: string
  readonly actions: readonly string[]
  readonly resources: readonly unknown[]
}

/** Of roles and of things: who may do what, and who may be whom. */
export function everyStatement({ stacks }: Synthesised): readonly Statement[] {
  return [...stacks.values()].flat().flatMap((resource) => {
    const where = `${resource.type} ${resource.id}`
    const inline = resource.list('Policies').flatMap((policy) => policy.list('PolicyDocument.Statement'))
    const own = DOCUMENTS.flatMap((document) => resource.list(`${document}.Statement`))
    return [...own, ...inline].map((statement) => toStatement(where, statement))
  })
}

/** What roles may do; who may take them on is not among it. */
export function identityStatements(synthesis: Synthesised): readonly Statement[] {
  return everyStatement(synthesis).filter(
    ({ where, resources }) => /^AWS::IAM::(Policy|ManagedPolicy|Role)/.test(where) && resources.length > 0,
  )
}

const DOCUMENTS = ['PolicyDocument', 'KeyPolicy', 'AssumeRolePolicyDocument', 'RepositoryPolicyText']

function toStatement(where: string, statement: Node): Statement {
  return {
    ...statement,
    where,
    actions: [statement.get('Action') ?? []].flat().map(String),
    resources: [statement.get('Resource') ?? []].flat(),
  }
}
