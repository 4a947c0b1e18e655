import type { PlanInParts } from '../deferred/delivery.ts'
import type { Part } from '../deferred/read-parts.ts'

/** In which order an operation with deferred fragments asks its subgraphs, and which part of the answer waits for what. */
export function partLines({ parts, steps }: PlanInParts): readonly string[] {
  return steps.map(({ node, mask, after }, index) => {
    const waiting = parts.filter(({ bit }) => (bit & mask) !== 0n).map((part) => partText(part, parts))
    const before = after.length > 0 ? `, after ${after.map((at) => at + 1).join(' and ')}` : ''
    return `${index + 1}  for ${waiting.join(' and ')}${before}: ${node.subgraph}: ${node.operation.trim()}`
  })
}

function partText(part: Part, parts: readonly Part[]): string {
  if (!part.parent) return 'the first part'
  const name = part.label === undefined ? `part ${parts.indexOf(part) + 1}` : JSON.stringify(part.label)
  return part.path.length === 0 ? name : `${name} at ${part.path.join('.')}`
}
