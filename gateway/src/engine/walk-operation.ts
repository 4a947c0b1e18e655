import type { GraphQLSchema, OperationDefinitionNode } from 'graphql'
import { emptyObject } from './data.ts'
import type { AnswerParts, EngineParts, ExecutionRequest, PlannedOperation } from './engine.ts'
import { createErrorBook } from './error-book.ts'
import { projectAnswer } from './project.ts'
import type { Recall } from './recall.ts'
import { type Run, runNode } from './run-plan.ts'

/**
 * Runs an operation by walking its plan and its document: slower than generated code, but at home with errors, nulls
 * that travel up, and answers of any form. `recall` has answers of sub-requests that need not be sent again.
 */
export async function walkOperation(
  parts: EngineParts,
  planned: PlannedOperation,
  request: ExecutionRequest,
  recall?: Recall,
): Promise<AnswerParts> {
  const root = emptyObject()
  root['__typename'] = rootTypeName(parts.schema, planned.operation)
  const run: Run = { parts, request, root, book: createErrorBook(), recall }
  for (const plan of planned.plans) await runNode(run, plan)
  return projectAnswer({ ...run, planned })
}

function rootTypeName(schema: GraphQLSchema, operation: OperationDefinitionNode): string | undefined {
  return schema.getRootType(operation.operation)?.name
}
