/** Items by time, earliest first: O(log n) to put in and take out. */
export interface TimeHeap<T> {
  push(at: number, item: T): void
  /** The earliest item when it is due by `now`. */
  popDue(now: number): T | undefined
  nextAt(): number | undefined
}

interface Node<T> {
  readonly at: number
  readonly item: T
}

export function createTimeHeap<T>(): TimeHeap<T> {
  const nodes: Node<T>[] = []
  return {
    push(at, item) {
      nodes.push({ at, item })
      rise(nodes, nodes.length - 1)
    },
    popDue(now) {
      const first = nodes[0]
      if (!first || first.at > now) return undefined
      const last = nodes.pop()
      if (last && nodes.length > 0) {
        nodes[0] = last
        sink(nodes)
      }
      return first.item
    },
    nextAt: () => nodes[0]?.at,
  }
}

function rise<T>(nodes: Node<T>[], from: number): void {
  let i = from
  while (i > 0) {
    const parent = (i - 1) >> 1
    if (!swapIfEarlier(nodes, i, parent)) return
    i = parent
  }
}

function sink<T>(nodes: Node<T>[]): void {
  let i = 0
  for (;;) {
    const left = 2 * i + 1
    const child = isEarlier(nodes, left + 1, left) ? left + 1 : left
    if (!swapIfEarlier(nodes, child, i)) return
    i = child
  }
}

function swapIfEarlier<T>(nodes: Node<T>[], i: number, j: number): boolean {
  const one = nodes[i]
  const other = nodes[j]
  if (!one || !other || one.at >= other.at) return false
  nodes[i] = other
  nodes[j] = one
  return true
}

function isEarlier<T>(nodes: readonly Node<T>[], i: number, j: number): boolean {
  const one = nodes[i]
  const other = nodes[j]
  return one !== undefined && other !== undefined && one.at < other.at
}
