/** A place in a template: read by path, so that what is not there is `undefined` and not an error. */
export interface Node {
  /** `SSESpecification.KMSMasterKeyId` */
  get(path: string): unknown
  /** What is there as JSON text, empty when nothing is. */
  text(path?: string): string
  /** Empty when there is no list. One thing alone counts as a list of one. */
  list(path: string): readonly Node[]
}

export function nodeOf(value: unknown): Node {
  const get = (path: string): unknown => path.split('.').reduce(step, value)
  return {
    get,
    text: (path) => JSON.stringify(path === undefined ? value : get(path)) ?? '',
    list(path) {
      const found = get(path)
      const items: readonly unknown[] = Array.isArray(found) ? found : found === undefined ? [] : [found]
      return items.map(nodeOf)
    },
  }
}

function step(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
