import type { EventEntry, EventRegistry } from '../event-registry.ts'

/** `docs/events.md`: who tells which fact, and what is in it. */
export function eventsDoc(registry: EventRegistry): string {
  const sources = [...new Set(registry.entries.map(({ source }) => source))]
  const sections = sources.map((source) =>
    section(
      source,
      registry.entries.filter((entry) => entry.source === source),
    ),
  )
  return `${intro}\n${sections.join('\n')}`
}

const intro = `# Events

Generated from \`schema/events.graphql\` by \`npm run generate\`. Every fact that crosses a border travels in the
envelope of \`platform/src/event.ts\`: \`id\`, \`type\`, \`at\`, \`source\`, \`stream\`, \`version\`, \`data\`, \`meta\`.
The bus tells each one at least once and in order per stream. Events change by addition only; a consumer ignores
what it does not know. A field with \`!\` is always there; amounts are \`{ minor, currency }\` in minor units, points
in time are epoch milliseconds. For other languages: \`schema/generated/events.schema.json\` (JSON Schema 2020-12) and
\`schema/generated/asyncapi.json\` (AsyncAPI 3.0).
`

function section(source: string, entries: readonly EventEntry[]): string {
  return [
    `## ${source}`,
    '',
    '| event | what it says | data |',
    '|---|---|---|',
    ...entries.map(row),
    '',
  ].join('\n')
}

function row({ type, description, input }: EventEntry): string {
  const fields = Object.values(input.getFields()).map((field) => `\`${field.name}: ${field.type}\``)
  return `| ${type} | ${description.replaceAll('|', '\\|')} | ${fields.join(', ')} |`
}
