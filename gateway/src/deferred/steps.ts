import type { EntityFetchNode, PlanNode, RootFetchNode } from '../planner/plan.ts'
import { cutFetch, type Piece } from './cut-fetch.ts'
import type { Cutting } from './cut-place.ts'
import { placesTold, placesWanted } from './data-places.ts'
import { addRequirements } from './needs.ts'
import { reduceMask } from './read-parts.ts'

/** One sub-request, the parts of the answer that need it, and what it needs. */
export interface Step {
  readonly node: RootFetchNode | EntityFetchNode
  readonly mask: bigint
  /** Steps, by their places in the list, whose data it needs. All stand before it. */
  readonly after: readonly number[]
}

/**
 * The sub-requests of plans that run one after another, each to be sent as soon as the ones it needs are answered: what
 * an early part of the answer needs waits for nothing that only later parts need. Undefined for a plan with conditions,
 * of which there are none once an operation's are decided.
 */
export function stepsOf(plans: readonly PlanNode[], cutting: Cutting): readonly Step[] | undefined {
  const fetches: Fetch[] = []
  for (const plan of plans) if (!flatten(plan, fetches.length, { fetches, before: [] })) return undefined
  const cuts: Cuts[] = fetches.map((fetch) => ({ fetch, pieces: [] }))
  // From the last to the first: what a sub-request needs is a need of those before it.
  for (const cut of cuts.toReversed()) {
    cut.pieces = cutFetch(cutting, cut.fetch.node)
    for (const piece of cut.pieces.toReversed()) addNeeds(cutting, piece)
  }
  return inOrder(cuts, cutting)
}

interface Fetch {
  readonly node: RootFetchNode | EntityFetchNode
  /** Those that the plan has before it. */
  readonly before: readonly number[]
  /** Where its plan begins. */
  readonly planStart: number
}

interface Cuts {
  readonly fetch: Fetch
  pieces: readonly Piece[]
}

interface Flattening {
  readonly fetches: Fetch[]
  readonly before: readonly number[]
}

/** Answers with the places of the fetches in it. */
function flatten(
  node: PlanNode,
  planStart: number,
  { fetches, before }: Flattening,
): readonly number[] | undefined {
  if (node.kind === 'condition') return undefined
  if (node.kind === 'root' || node.kind === 'entities') return [fetches.push({ node, before, planStart }) - 1]
  const found: number[] = []
  for (const inner of node.nodes) {
    const earlier = node.kind === 'sequence' ? [...before, ...found] : before
    const more = flatten(inner, planStart, { fetches, before: earlier })
    if (!more) return undefined
    found.push(...more)
  }
  return found
}

function addNeeds({ needs, types }: Cutting, { node, mask }: Piece): void {
  if (node.kind === 'root') return
  for (const { paths, requires } of node.batches)
    for (const path of paths) addRequirements(needs, path, { requires, mask, types })
}

interface Placed extends Piece {
  readonly at: number
  readonly tells: ReadonlySet<string>
}

function inOrder(cuts: readonly Cuts[], cutting: Cutting): readonly Step[] {
  const steps: Step[] = []
  const placed: (readonly Placed[])[] = []
  for (const { fetch, pieces } of cuts) {
    const mine: Placed[] = []
    placed.push(mine)
    for (const piece of pieces) {
      const before = [...fetch.before.flatMap((index) => placed[index] ?? []), ...mine]
      const earlier = placed.slice(0, fetch.planStart).flat()
      mine.push({ ...piece, at: steps.length, tells: placesTold(piece, cutting.types) })
      steps.push({ node: piece.node, mask: piece.mask, after: neededBy(piece, { before, earlier }, cutting) })
    }
  }
  return steps
}

interface Before {
  /** In its own plan. */
  readonly before: readonly Placed[]
  /** Of the plans before it. */
  readonly earlier: readonly Placed[]
}

function neededBy({ node, mask }: Piece, { before, earlier }: Before, { parts }: Cutting): readonly number[] {
  // A mutation's root fields are done one after another, each with all of it that is not put off.
  if (node.kind === 'root') return placesOf(earlier.filter((one) => (one.mask & 1n) === 1n))
  const wanted = placesWanted(node)
  const inTime = before.filter((one) => reduceMask(parts, one.mask | mask) === one.mask)
  const telling = inTime.filter(({ tells }) => !tells.isDisjointFrom(wanted))
  return placesOf(telling.length > 0 ? telling : inTime)
}

function placesOf(pieces: readonly Placed[]): readonly number[] {
  return pieces.map(({ at }) => at)
}
