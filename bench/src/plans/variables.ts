import {
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  parse,
  typeFromAST,
} from 'graphql'

/** Some value for each variable that needs one: enough to be planned, not to mean anything. */
export function makeUpVariables(schema: GraphQLSchema, query: string): Readonly<Record<string, unknown>> {
  const variables: Record<string, unknown> = {}
  for (const definition of parse(query).definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    for (const { variable, type, defaultValue } of definition.variableDefinitions ?? []) {
      const known = typeFromAST(schema, type)
      if (isNonNullType(known) && isInputType(known) && !defaultValue)
        variables[variable.name.value] = valueOfType(known)
    }
  }
  return variables
}

function valueOfType(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return valueOfType(type.ofType)
  if (isListType(type)) return [valueOfType(type.ofType)]
  if (isEnumType(type)) return type.getValues()[0]?.name
  if (!isInputObjectType(type)) return SCALARS[type.name] ?? 'ada'
  const fields = Object.values(type.getFields())
  const [first] = fields
  const needed = type.isOneOf && first ? [first] : fields.filter(isRequiredInputField)
  return Object.fromEntries(needed.map((field) => [field.name, valueOfType(field.type)]))
}

const SCALARS: Readonly<Record<string, unknown>> = { Int: 1, Float: 1, Boolean: true }
