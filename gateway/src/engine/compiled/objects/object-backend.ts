import type { SubgraphResponse } from '@stoa/platform/subgraph'
import { pickVariables } from '../../fetch-root.ts'
import type { BackendKind } from '../backend.ts'
import { wantedBy } from '../wanted.ts'
import { jsonOf } from './json-of.ts'
import { linkObjects, objectSourceOf } from './link-objects.ts'
import { objectEmitter } from './object-emitter.ts'
import type { ObjectRun } from './object-program.ts'
import { takeEntityObjects, takeRootObject, type WantedObject } from './take-objects.ts'

/** Answers are objects, of which the client's is built: for subgraphs in this process. */
export const overObjects: BackendKind<ObjectRun, WantedObject, SubgraphResponse> = {
  emitter: objectEmitter,
  sourceOf: objectSourceOf,
  link(source) {
    const program = linkObjects(source)
    return {
      start: program.start,
      wantedBy: (run, batch) => wantedBy(program, run, batch),
      asker({ node, batches }) {
        const names = batches.map(({ batch }) => batch.representationsVariable)
        return ({ variables, askObjects }, wanted) => {
          const given = pickVariables(variables, node.variables)
          for (const [i, name] of names.entries())
            given[name] = wanted[i]?.map(({ representation }) => representation)
          return askObjects(node, given)
        }
      },
      takeRoot: (run, part, answer) => takeRootObject(program, run, { part, answer }),
      takeEntities: (run, asked, answer) => takeEntityObjects(program, run, { asked, answer }),
      finish: (run) => jsonOf(`{"data":${program.text(run)}}`),
    }
  },
}
