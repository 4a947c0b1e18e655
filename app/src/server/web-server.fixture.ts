import { once } from 'node:events'
import { createConnection } from 'node:net'
import { silentLog } from '@stoa/platform/log'
import { type Listening, listenFrom } from './listen.ts'
import { createWebServer, type Routes } from './router.ts'

/** These routes on a free port, for a test. */
export async function serve(routes: Routes): Promise<Listening & AsyncDisposable> {
  const server = createWebServer(routes, silentLog)
  const listening = await listenFrom(server, 0)
  return {
    ...listening,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** What comes back for these very bytes, which no well-behaved client would send. */
export async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = createConnection(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += String(chunk)
  })
  socket.write(bytes)
  await once(socket, 'close')
  return answer
}
