import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql'
import { responseKey } from '../guards/fields-in-place.ts'
import { fragmentsOf } from '../guards/fragment-size.ts'

/** A sub-request's operation with its named fragments written out. The planner's documents hold one operation. */
export function readFetch(text: string): OperationDefinitionNode | undefined {
  const document = parse(text, { noLocation: true })
  const fragments = fragmentsOf(document)
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  return operation && { ...operation, selectionSet: writeOut(operation.selectionSet, fragments) }
}

function writeOut(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): SelectionSetNode {
  const selections = set.selections.flatMap((node): SelectionNode[] => {
    if (node.kind !== Kind.FRAGMENT_SPREAD) {
      const { selectionSet } = node
      return [selectionSet ? { ...node, selectionSet: writeOut(selectionSet, fragments) } : node]
    }
    const fragment = fragments.get(node.name.value)
    if (!fragment) return []
    const { directives = [] } = node
    const { typeCondition } = fragment
    const selectionSet = writeOut(fragment.selectionSet, fragments)
    return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet }]
  })
  return { kind: Kind.SELECTION_SET, selections }
}

/** The text of a sub-request for some of an operation's selections, and the variables it still uses. */
export function writeFetch(
  operation: OperationDefinitionNode,
  selectionSet: SelectionSetNode,
): { readonly operation: string; readonly uses: ReadonlySet<string> } {
  const uses = new Set<string>()
  visit(selectionSet, { Variable: (node) => void uses.add(node.name.value) })
  const variableDefinitions =
    operation.variableDefinitions?.filter(({ variable }) => uses.has(variable.name.value)) ?? []
  const document = { ...operation, variableDefinitions, selectionSet }
  return { operation: stripIgnoredCharacters(print(document)), uses }
}

/** No client may name a variable like this. */
const REPRESENTATIONS = '__representations'

/** The text of a sub-request for fields of entities; variables are declared as in the operation they come from. */
export function writeEntityFetch(
  from: OperationDefinitionNode,
  typename: string,
  selectionSet: SelectionSetNode,
): ReturnType<typeof writeFetch> & { readonly representationsVariable: string } {
  const [shell] = SHELL.selectionSet.selections
  const onType = {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: typename } },
    selectionSet,
  } as const
  // The shell's only selection is a field.
  const entities = { ...(shell as FieldNode), selectionSet: selectionsOf([onType]) }
  const variableDefinitions = [
    ...(SHELL.variableDefinitions ?? []),
    ...(from.variableDefinitions ?? []).filter(({ variable }) => variable.name.value !== REPRESENTATIONS),
  ]
  const written = writeFetch({ ...SHELL, variableDefinitions }, selectionsOf([entities]))
  return { ...written, representationsVariable: REPRESENTATIONS }
}

const SHELL = readShell(
  `query($${REPRESENTATIONS}:[_Any!]!){_entities(representations:$${REPRESENTATIONS}){__typename}}`,
)

function readShell(text: string): OperationDefinitionNode {
  // Its only definition is an operation.
  return parse(text, { noLocation: true }).definitions[0] as OperationDefinitionNode
}

export function selectionsOf(selections: readonly SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections }
}

/** Whether these selections have a field plainly, under its own name, with all that is asked for in it. */
export function hasField(selections: readonly SelectionNode[], wanted: SelectionNode): boolean {
  if (wanted.kind !== Kind.FIELD) return false
  const inner = wanted.selectionSet?.selections ?? []
  return selections.some(
    (node) =>
      node.kind === Kind.FIELD &&
      responseKey(node) === wanted.name.value &&
      inner.every((one) => hasField(node.selectionSet?.selections ?? [], one)),
  )
}
