import type { OpenState } from '../edge.ts'
import { version } from '../version.ts'
import { type Routes, sendJson } from './router.ts'

/** For load balancers and people: is the process alive, may it get traffic, what is it? */
export function healthRoutes(current: () => OpenState | undefined): Routes {
  return {
    'GET /livez': (_request, response) => sendJson(response, 200, { live: true }),
    'GET /readyz': (_request, response) => {
      const state = current()
      const subgraphs = state?.composed.subgraphs.map((subgraph) => subgraph.name) ?? []
      sendJson(response, state ? 200 : 503, { ready: state !== undefined, subgraphs })
    },
    'GET /version': (_request, response) => sendJson(response, 200, { version, node: process.versions.node }),
  }
}
