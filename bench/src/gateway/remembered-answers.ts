import type { SubgraphName } from './graph.ts'
import { type AnswerSubgraph, createSubgraphAnswers, type SubgraphQuestion } from './subgraph-answers.ts'

/** The subgraphs inside a gateway's own process: no wire, answers are objects remembered from the first time. */
export function createRememberedAnswers(): ReadonlyMap<SubgraphName, AnswerSubgraph> {
  return new Map([...createSubgraphAnswers()].map(([name, answer]) => [name, remembering(answer)]))
}

function remembering(answer: AnswerSubgraph): AnswerSubgraph {
  const remembered = new Map<string, ReturnType<AnswerSubgraph>>()
  return (question) => {
    const key = question.query + keysIn(question)
    const known = remembered.get(key)
    if (known) return known
    const answered = answer(question)
    remembered.set(key, answered)
    return answered
  }
}

/** What tells one question of a document from another: its entities' keys, which cost less to read than JSON. */
function keysIn({ variables }: SubgraphQuestion): string {
  const lists = Object.values(variables ?? {})
  return lists.map((list) => (Array.isArray(list) ? list.map(keyOf).join() : JSON.stringify(list))).join(';')
}

function keyOf(representation: unknown): string {
  if (typeof representation !== 'object' || representation === null) return String(representation)
  if ('upc' in representation) return String(representation.upc)
  return 'id' in representation ? String(representation.id) : JSON.stringify(representation)
}
