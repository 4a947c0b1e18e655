import {
  type ASTVisitor,
  type DirectiveNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type ValidationContext,
} from 'graphql'

/** A label is known beforehand and stands once in a document, so that what comes later can be told apart by it. */
export function deferLabelsRule(context: ValidationContext): ASTVisitor {
  const known = new Map<string, DirectiveNode>()
  return {
    Directive(node) {
      if (node.name.value !== 'defer') return
      const label = argumentOf(node, 'label')
      if (label?.kind === Kind.VARIABLE)
        context.reportError(
          new GraphQLError('The label of @defer is a text, not a variable.', { nodes: node }),
        )
      if (label?.kind !== Kind.STRING) return
      const before = known.get(label.value)
      if (before)
        context.reportError(
          new GraphQLError(`The label "${label.value}" of @defer is there twice. Give each its own.`, {
            nodes: [before, node],
          }),
        )
      known.set(label.value, node)
    },
  }
}

/** Fields at the root of a mutation are done one after another, and each event of a subscription is told whole. */
export function deferPlacesRule(context: ValidationContext): ASTVisitor {
  return {
    Directive(node) {
      const parent = context.getParentType()
      const mutation = context.getSchema().getMutationType()
      if (node.name.value !== 'defer' || !mutation || parent !== mutation) return
      const message = 'Fields at the root of a mutation cannot be deferred. Put @defer inside one of them.'
      context.reportError(new GraphQLError(message, { nodes: node }))
    },
    OperationDefinition(operation) {
      if (operation.operation !== 'subscription') return
      for (const node of defersOf(context, operation)) {
        const message = 'Nothing in a subscription can be deferred. Leave @defer out, or add "if: false".'
        if (!isSwitchedOff(node)) context.reportError(new GraphQLError(message, { nodes: node }))
      }
    },
  }
}

function defersOf(context: ValidationContext, operation: OperationDefinitionNode): readonly DirectiveNode[] {
  const found: DirectiveNode[] = []
  const waiting = [operation.selectionSet]
  for (const fragment of context.getRecursivelyReferencedFragments(operation))
    waiting.push(fragment.selectionSet)
  for (let set = waiting.pop(); set; set = waiting.pop())
    for (const node of set.selections) {
      found.push(...(node.directives?.filter(({ name }) => name.value === 'defer') ?? []))
      if (node.kind !== Kind.FRAGMENT_SPREAD && node.selectionSet) waiting.push(node.selectionSet)
    }
  return found
}

/** A variable may switch it off. */
function isSwitchedOff(node: DirectiveNode): boolean {
  const value = argumentOf(node, 'if')
  return value?.kind === Kind.VARIABLE || (value?.kind === Kind.BOOLEAN && !value.value)
}

function argumentOf(node: DirectiveNode, name: string) {
  return node.arguments?.find((argument) => argument.name.value === name)?.value
}
