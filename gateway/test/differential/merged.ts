import { buildSchema, type GraphQLObjectType, type GraphQLSchema, isObjectType } from 'graphql'
import type { Data, Source } from './data.ts'
import { fieldsOf, type Given, type Model } from './model.ts'
import { callOf } from './parts.ts'

/** One schema that resolves everything itself. */
export function mergedSchema(api: string, model: Model, data: Data, calls: string[]): GraphQLSchema {
  const schema = buildSchema(api)
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type) && model.types.get(type.name)?.kind !== 'value')
      resolveAll(type, model, { data, calls })
  return schema
}

function resolveAll(
  type: GraphQLObjectType,
  model: Model,
  { data, calls }: { readonly data: Data; readonly calls: string[] },
): void {
  for (const field of fieldsOf(model, type.name)) {
    const definition = type.getFields()[field.name]
    if (!definition) continue
    definition.resolve = (source: Source | undefined, given: Given) => {
      if (type.name === 'Mutation') calls.push(callOf(field, given))
      return data.resolveAll(type.name, field, source ?? {}, given)
    }
  }
}
