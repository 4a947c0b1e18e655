import {
  type GraphQLEnumType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  isScalarType,
} from 'graphql'
import type { EventRegistry } from '../event-registry.ts'

type JsonSchema = Readonly<Record<string, unknown>>

/**
 * JSON Schema 2020-12 for an event as it travels. Further properties are allowed, as consumers allow them.
 * `#/$defs/OrderCreated` is the data of one event type.
 */
export function eventJsonSchema(registry: EventRegistry): JsonSchema {
  const types = Object.values(registry.schema.getTypeMap()).filter(
    ({ name }) => name !== 'Event' && !name.startsWith('__'),
  )
  const definitions = [
    ...types.filter(isEnumType).map(enumSchema),
    ...types.filter(isInputObjectType).map(objectSchema),
  ]
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:stoa:events',
    title: 'Event',
    description: 'Generated from schema/events.graphql by `npm run generate`.',
    allOf: [{ $ref: '#/$defs/Envelope' }],
    oneOf: registry.entries.map(({ type, description }) => ({
      description,
      properties: { type: { const: type }, data: { $ref: `#/$defs/${type}` } },
    })),
    $defs: { Envelope: envelope, ...Object.fromEntries(definitions) },
  }
}

const envelope: JsonSchema = {
  description: 'What every event carries, whatever it tells.',
  type: 'object',
  required: ['id', 'type', 'at', 'source', 'stream', 'version', 'data', 'meta'],
  properties: {
    id: { type: 'string', description: 'Unique for ever; the same id is the same fact.' },
    type: { type: 'string', description: 'In the past tense: `OrderCreated`.' },
    at: { type: 'integer', description: 'When it happened, epoch milliseconds.' },
    source: { type: 'string', description: 'The subgraph or adapter that tells it.' },
    stream: { type: 'string', description: 'The aggregate: `order-O-1`. Told in order within it.' },
    version: { type: 'integer', minimum: 1, description: 'Its place in the stream, without gaps.' },
    data: { type: 'object' },
    meta: {
      type: 'object',
      required: ['correlationId'],
      properties: {
        correlationId: { type: 'string', description: 'The first request of the chain.' },
        causationId: { type: 'string', description: 'The event or request that led to this one.' },
        traceparent: { type: 'string', description: 'W3C trace context.' },
        imported: { const: true, description: 'History brought in: for read models, not to be acted on.' },
      },
    },
  },
}

function enumSchema(type: GraphQLEnumType): [string, JsonSchema] {
  return [type.name, { ...described(type), enum: type.getValues().map(({ name }) => name) }]
}

function objectSchema(type: GraphQLInputObjectType): [string, JsonSchema] {
  const fields = Object.values(type.getFields())
  const properties = Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)]))
  const required = fields.filter(isRequiredInputField).map(({ name }) => name)
  return [type.name, { ...described(type), type: 'object', required, properties }]
}

function fieldSchema(field: GraphQLInputField): JsonSchema {
  return { ...described(field), ...typeSchema(field.type) }
}

function typeSchema(type: GraphQLInputType): JsonSchema {
  if (isNonNullType(type)) return typeSchema(type.ofType)
  if (isListType(type)) return { type: 'array', items: typeSchema(type.ofType) }
  if (!isScalarType(type)) return { $ref: `#/$defs/${type.name}` }
  const schema = SCALARS[type.name]
  if (!schema)
    throw new Error(`Expected a scalar that JSON Schema knows, got ${type.name}: add it to SCALARS.`)
  return schema
}

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  String: { type: 'string' },
  Boolean: { type: 'boolean' },
  Int: { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  Float: { type: 'number' },
  MinorUnits: { type: 'integer', minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
  Timestamp: { type: 'integer', minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
}

function described({ description }: { readonly description?: string | null | undefined }): JsonSchema {
  return description ? { description } : {}
}
