import type { BackendKind } from './backend.ts'
import { byteEmitter } from './byte-emitter.ts'
import type { BytePart, ByteRun, Ref } from './byte-program.ts'
import { link, sourceOf } from './link.ts'
import { renderAnswer } from './render.ts'
import { bodyWriter } from './request-body.ts'
import { takeEntities, takeRoot } from './take-answer.ts'
import { type Wanted, wantedBy } from './wanted.ts'

/** Answers are bytes, and parts of them are passed on as they are: for subgraphs behind a wire. */
export const overBytes: BackendKind<ByteRun, Wanted<BytePart, Ref, string>, Buffer> = {
  emitter: byteEmitter,
  sourceOf,
  link(source, { root }) {
    const program = link(source)
    return {
      start: program.start,
      wantedBy: (run, batch) => wantedBy(program, run, batch),
      asker(fetch) {
        const bodyOf = bodyWriter(fetch)
        return (request, wanted) => {
          const representations = wanted.map((batch) => batch.map(({ representation }) => representation))
          return request.ask(fetch.node, bodyOf(request.variables, representations))
        }
      },
      takeRoot: (run, part, answer) => takeRoot(program, run, part, answer),
      takeEntities: (run, asked, answer) => takeEntities(program, run, asked, answer),
      finish: (run) => renderAnswer(program, run, root.whole),
    }
  },
}
