import type { EventEntry, EventRegistry } from '../event-registry.ts'

type Node = Readonly<Record<string, unknown>>

/** AsyncAPI 3.0: a channel per event type, who sends on it, and what travels there. */
export function asyncApi(registry: EventRegistry): Node {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Stoa events',
      version: '1.0.0',
      description:
        'Every fact on the bus. At least once, in order per stream. Changed by addition only: ignore what you do not know. Generated from schema/events.graphql by `npm run generate`.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: byType(registry, channel),
    operations: Object.fromEntries(registry.entries.map((entry) => [`send${entry.type}`, operation(entry)])),
    components: { messages: byType(registry, message) },
  }
}

function byType(registry: EventRegistry, describe: (entry: EventEntry) => Node): Node {
  return Object.fromEntries(registry.entries.map((entry) => [entry.type, describe(entry)]))
}

function channel({ type, description }: EventEntry): Node {
  return {
    address: type,
    title: type,
    description,
    messages: { [type]: { $ref: `#/components/messages/${type}` } },
  }
}

function operation({ type, source, description }: EventEntry): Node {
  return {
    action: 'send',
    summary: description,
    tags: [{ name: source }],
    channel: { $ref: `#/channels/${type}` },
    messages: [{ $ref: `#/channels/${type}/messages/${type}` }],
  }
}

function message({ type, source, description }: EventEntry): Node {
  const data = { type: 'object', properties: { data: { $ref: `./events.schema.json#/$defs/${type}` } } }
  return {
    name: type,
    title: type,
    summary: description,
    tags: [{ name: source }],
    payload: {
      schemaFormat: 'application/schema+json;version=draft/2020-12',
      schema: { allOf: [{ $ref: './events.schema.json#/$defs/Envelope' }, data] },
    },
  }
}
