import { accepts, freePort, type LocalServer, serverFolder, startServer } from './local-server.ts'
import { whyNotCommands } from './why-not.ts'

/** Why Redis cannot run here, or undefined when it can. */
export function whyNoRedis(): string | undefined {
  return whyNotCommands('redis-server')
}

/** Redis as a cache: it keeps nothing over `kill`. Its endpoint is a connection URL. */
export async function startRedis(): Promise<LocalServer> {
  const [folder, port] = [await serverFolder('redis'), await freePort()]
  const settings = ['--save', '', '--appendonly', 'no', '--enable-debug-command', 'local']
  return await startServer({
    name: 'Redis',
    endpoint: `redis://127.0.0.1:${port}`,
    command: 'redis-server',
    args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, ...settings],
    folder,
    isReady: () => accepts(port),
  })
}
