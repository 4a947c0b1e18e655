import { env, exit } from 'node:process'

// Asked by the container's health check: is the service ready for requests?
const port = process.argv[2] ?? env['STOA_PORT'] ?? '4000'
const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(4000) }).catch(
  () => undefined,
)
exit(answer?.ok ? 0 : 1)
