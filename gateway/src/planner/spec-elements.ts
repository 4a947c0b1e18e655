import { type DirectiveNode, type DocumentNode, Kind, type ValueNode, visit } from 'graphql'

/** Names in a supergraph that belong to the machinery of federation and not to the graph itself. */
export interface SpecElements {
  isDirective(name: string): boolean
  isType(name: string): boolean
  /** What `@inaccessible` is called here. */
  readonly inaccessible: string
}

/**
 * Reads which specifications a supergraph links (`@link` on its schema): all that is imported, and every name of the
 * form `spec__name`, is theirs. A link to a specification of the schema's own authors (`@composeDirective`) counts too.
 */
export function readSpecElements(document: DocumentNode): SpecElements {
  const links = linksOf(document)
  const prefixes = links.map((link) => `${link.namespace}__`)
  const imported = new Map(links.flatMap((link) => link.imports))
  const local = new Set(imported.values())
  const namespaces = new Set(links.map((link) => link.namespace))
  const isPrefixed = (name: string): boolean => prefixes.some((prefix) => name.startsWith(prefix))
  return {
    isDirective: (name) => namespaces.has(name) || local.has(`@${name}`) || isPrefixed(name),
    isType: (name) => local.has(name) || isPrefixed(name),
    inaccessible: inaccessibleName(links, imported),
  }
}

interface Link {
  readonly url: string
  readonly namespace: string
  /** What the specification calls it, and what it is called here. */
  readonly imports: readonly (readonly [string, string])[]
}

function inaccessibleName(links: readonly Link[], imported: ReadonlyMap<string, string>): string {
  const renamed = imported.get('@inaccessible')
  if (renamed) return renamed.slice(1)
  return (
    links.find((link) => link.url.includes('//specs.apollo.dev/inaccessible/'))?.namespace ?? 'inaccessible'
  )
}

function linksOf(document: DocumentNode): readonly Link[] {
  const links: Link[] = []
  visit(document, {
    SchemaDefinition: (node) => void links.push(...(node.directives ?? []).flatMap(readLink)),
    SchemaExtension: (node) => void links.push(...(node.directives ?? []).flatMap(readLink)),
    // Nothing below the schema's own directives can hold a link.
    ObjectTypeDefinition: () => false,
    InterfaceTypeDefinition: () => false,
    InputObjectTypeDefinition: () => false,
    EnumTypeDefinition: () => false,
    DirectiveDefinition: () => false,
  })
  return links
}

function readLink(directive: DirectiveNode): readonly Link[] {
  if (directive.name.value !== 'link') return []
  const values = new Map(directive.arguments?.map((argument) => [argument.name.value, argument.value]))
  const url = stringOf(values.get('url')) ?? ''
  const name =
    url
      .split('/')
      .filter((part) => part !== '')
      .at(-2) ?? url
  const list = values.get('import')
  const imports = list?.kind === Kind.LIST ? list.values.flatMap(readImport) : []
  return [{ url, namespace: stringOf(values.get('as')) ?? name, imports }]
}

function readImport(value: ValueNode): readonly (readonly [string, string])[] {
  if (value.kind === Kind.STRING) return [[value.value, value.value]]
  if (value.kind !== Kind.OBJECT) return []
  const fields = new Map(value.fields.map((field) => [field.name.value, stringOf(field.value)]))
  const name = fields.get('name')
  return name === undefined ? [] : [[name, fields.get('as') ?? name]]
}

function stringOf(value: ValueNode | undefined): string | undefined {
  return value?.kind === Kind.STRING ? value.value : undefined
}
