import { productPicture } from '../demo-data/pictures.ts'
import type { OpenState } from '../edge.ts'
import type { Identity } from '../identity.ts'
import { eventsPage } from '../pages/events-page.ts'
import { indexPage } from '../pages/index-page.ts'
import { sendPage } from '../pages/page.ts'
import { sandboxConfig } from '../sandbox/collections.ts'
import { sendSandboxFile } from '../sandbox/files.ts'
import { sendSandboxPage } from '../sandbox/sandbox-page.ts'
import { version } from '../version.ts'
import { sendAsset } from './assets.ts'
import { type Handler, type Routes, sendJson, sendProblem } from './router.ts'

/** What people look at: the welcome page, the sandbox, the bus, and the pictures of the goods. */
export function pageRoutes(identity: Identity, current: () => OpenState | undefined): Routes {
  return {
    'GET /': (_request, response) => {
      const state = current()
      const subgraphs = state?.composed.subgraphs ?? []
      const facts = {
        version,
        subgraphs,
        simulators: state?.simulators ?? [],
        accounts: identity.accounts,
        issuer: identity.issuer.url,
      }
      sendPage(response, indexPage(facts))
    },
    'GET /events': (_request, response) => sendPage(response, eventsPage),
    'GET /sandbox': (_request, response) => sendSandboxPage(response),
    'GET /sandbox/config.json': (_request, response) =>
      sendJson(response, 200, sandboxConfig(identity.tokens)),
    'GET /sandbox/files/*': sendSandboxFile,
    'GET /assets/*': sendAsset,
    'GET /images/*': sendPicture,
  }
}

const PICTURE = /^\/images\/(P-[A-Z]{3}-\d{4,6})\.svg$/

const sendPicture: Handler = (_request, response, url) => {
  const productId = PICTURE.exec(url.pathname)?.[1]
  if (!productId)
    return sendProblem(response, 404, {
      code: 'NOT_FOUND',
      message: `There is no picture at ${url.pathname}.`,
    })
  response.writeHead(200, { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' })
  response.end(productPicture(productId))
}
