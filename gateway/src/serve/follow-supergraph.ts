import { toFault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import { tell } from './banner.ts'
import { checkSupergraph } from './check-supergraph.ts'
import { digestOf } from './digest.ts'
import { uselessLabels } from './labels.ts'
import type { ServeOptions } from './options.ts'
import type { Service } from './service.ts'
import { type Missing, watchText } from './watch-text.ts'

export interface Followed {
  readonly path: string
  readonly text: string
  readonly options: Pick<ServeOptions, 'urls' | 'labels'>
  readonly service: Service
  readonly log: Log
}

/** Lets a service take each good text the file comes to have; a bad one is refused and named, the old one stays. */
export function followSupergraph({ path, text, options, service, log }: Followed): AsyncDisposable {
  const { urls, labels } = options
  return watchText({
    ...{ path, text, log },
    onMissing(why) {
      service.refuse(why)
      const running = service.facts().supergraph
      log.error({ running, code: 'BAD_CONFIG', reason: MISSING[why] }, 'supergraph refused')
    },
    async onText(supergraph) {
      const digest = digestOf(supergraph)
      try {
        if (digest !== service.facts().supergraph) await checkSupergraph({ supergraph, path, urls })
        await service.take(supergraph)
        tell(log, { supergraph: digest }, 'supergraph taken')
        const useless = uselessLabels({ labels, supergraph, path })
        if (useless !== undefined)
          log.warn({ supergraph: digest, reason: useless }, 'a label does nothing now')
      } catch (reason) {
        const { code, message } = toFault(reason)
        service.refuse(digest)
        const running = service.facts().supergraph
        log.error({ supergraph: digest, running, code, reason: message }, 'supergraph refused')
      }
    },
  })
}

const MISSING: Readonly<Record<Missing, string>> = {
  empty: 'The file is empty. Write a supergraph; the last one is kept.',
  gone: 'The file is gone. Put a supergraph in its place; the last one is kept.',
  unreadable: 'The file cannot be read. Allow reading it; the last supergraph is kept.',
}
