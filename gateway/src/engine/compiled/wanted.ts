import type { Program, ProgramPart, RunState } from './program.ts'

/** An entity to be asked for, and everybody who waits for it. */
export interface Wanted<Part, Ref, Representation> {
  readonly representation: Representation
  readonly waiting: { readonly part: Part; readonly ref: Ref }[]
}

type Parts<Part> = readonly { readonly parts: readonly Part[] }[]

/** What a batch has to ask for: each different representation once. */
export function wantedBy<Ref, Known, Representation, Part extends ProgramPart<Ref, Known, Representation>>(
  program: Program<Ref, Known, Representation> & { readonly groups: Parts<Part> },
  run: RunState<Ref, Known>,
  batch: number,
): readonly Wanted<Part, Ref, Representation>[] {
  const byKey = new Map<string, Wanted<Part, Ref, Representation>>()
  for (const [i, { parts }] of program.groups.entries())
    for (const part of parts)
      if (part.batch === batch) {
        run.isAsked[i] = true
        wantAll({ run, part, byKey }, run.groups[i])
      }
  // Left when all entities have been looked for: most that are known stand in the same answer.
  program.leave()
  return [...byKey.values()]
}

interface Wanting<Ref, Known, Representation, Part> {
  readonly run: RunState<Ref, Known>
  readonly part: Part
  readonly byKey: Map<string, Wanted<Part, Ref, Representation>>
}

function wantAll<Ref, Known, Representation, Part extends ProgramPart<Ref, Known, Representation>>(
  { run, part, byKey }: Wanting<Ref, Known, Representation, Part>,
  group: ReadonlyMap<unknown, Ref> | undefined,
): void {
  for (const ref of group?.values() ?? []) {
    const key = part.key(ref)
    // What it needs was not found, so neither is this.
    if (key === undefined) {
      part.none(ref)
      continue
    }
    if (part.reuse && isKnown(run, part.reuse, ref)) continue
    const wanted = byKey.get(key)
    if (wanted) wanted.waiting.push({ part, ref })
    else byKey.set(key, { representation: part.represent(ref, key), waiting: [{ part, ref }] })
  }
}

/** Takes an entity from what was told of it already. */
function isKnown<Ref, Known>(
  run: RunState<Ref, Known>,
  reuse: NonNullable<ProgramPart<Ref, Known, unknown>['reuse']>,
  ref: Ref,
): boolean {
  const known = run.stores[reuse.store]?.get(reuse.key(ref))
  return known !== undefined && reuse.take(run, known, ref)
}
