import type { Graph } from './graph.ts'

/** A graph and how many operations run on it, so that what only it needs is closed after the last of them. */
export interface GraphInUse {
  readonly graph: Graph
  enter(): void
  leave(): void
  /** No operation enters any more. Resolves when the last one has left. */
  retire(): Promise<void>
}

export function putInUse(graph: Graph): GraphInUse {
  const unused = Promise.withResolvers<void>()
  let underWay = 0
  let isRetired = false
  const settle = (): void => {
    if (isRetired && underWay === 0) unused.resolve()
  }
  return {
    graph,
    enter() {
      underWay++
    },
    leave() {
      underWay--
      settle()
    },
    retire() {
      isRetired = true
      settle()
      return unused.promise
    },
  }
}
