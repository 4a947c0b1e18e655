import { draw, plain } from '../draw.ts'
import { chance, type Need, type Piece, pick, typeOf } from '../model.ts'

/** Requirements of what stands behind another entity: found in one subgraph, told by a second, worked out in a third. */
export const requiresThrough: Piece = {
  fields(building) {
    // A field that fails takes its object along, and what somebody requires of the object: so it is with subgraphs.
    if (building.isFailing) return
    const { random, subgraphs } = building
    for (const [from, to] of [
      ['E0', 'E1'],
      ['E1', 'E2'],
      ['E2', 'E2'],
    ] as const) {
      if (chance(random, 0.4)) continue
      const by = pick(random, subgraphs)
      const others = subgraphs.filter((subgraph) => subgraph !== by)
      const [of, target] = [typeOf(building, from), typeOf(building, to)]
      const [friend, tag] = [`friend${from}`, `tag${from}`]
      const type = pick(random, ['#', '#', '[#]', '[#!]!']).replace('#', to)
      const told = { toldTo: [by], isSure: true }
      of.fields.push({ ...plain(of, friend, type), ...told, in: new Map([[pick(random, others), '']]) })
      target.fields.push({ ...plain(target, tag, 'Int'), ...told, in: new Map([[pick(random, others), '']]) })
      const need: Need = { name: friend, parts: [tag], of: to }
      of.fields.push({
        ...draw(building, { of, name: `bond${from}`, type: 'Int', subgraph: by }),
        in: new Map([[by, `@requires(fields: "${friend} { ${tag} }")`]]),
        needs: [need],
      })
    }
  },
}
