import { toFault } from '@stoa/platform/fault'
import { readText } from '../serve/read-text.ts'
import { type Difference, differences } from './differences.ts'
import { helpText, parseShadowOptions, type ShadowOptions } from './options.ts'
import { readRequests, type ShadowRequest } from './read-requests.ts'

interface Output {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
}

const ASK_WITHIN_MS = 10_000
const SHOWN_PLACES = 5
const SHOWN_CHARACTERS = 120

/** `npm run shadow`: asks two gateways the same and says where they differ. Answers the exit code. */
export async function runShadow(args: readonly string[], { stdout, stderr }: Output): Promise<number> {
  const options = parseShadowOptions(args)
  if (!options.ok) return complain(options.error)
  if (options.value.help) {
    stdout.write(helpText)
    return 0
  }
  try {
    const requests = readRequests(await readText(options.value.requests, '--requests'))
    if (!requests.ok) return complain(requests.error.map((problem) => `--requests: ${problem}`))
    return await compareAll(options.value, requests.value)
  } catch (reason) {
    return complain([toFault(reason).message])
  }

  function complain(problems: readonly string[]): number {
    stderr.write(`\nNothing is compared.\n${problems.map((problem) => `  ${problem}\n`).join('')}\n`)
    return 1
  }

  async function compareAll(asked: ShadowOptions, requests: readonly ShadowRequest[]): Promise<number> {
    let [next, same] = [0, 0]
    const worker = async (): Promise<void> => {
      for (let request = requests[next++]; request; request = requests[next++]) {
        const found = await compareOne(asked, request)
        if (found.length === 0) same += 1
        else stdout.write(describe(request, found))
      }
    }
    await Promise.all(Array.from({ length: asked.atOnce }, worker))
    stdout.write(`${JSON.stringify({ name: 'shadow', figures: { requests: requests.length, same } })}\n`)
    return same === requests.length ? 0 : 1
  }
}

async function compareOne(
  { a, b, headers }: ShadowOptions,
  { body }: ShadowRequest,
): Promise<readonly Difference[]> {
  const [answerA, answerB] = await Promise.all([ask(a, body, headers), ask(b, body, headers)])
  return differences(answerA, answerB, SHOWN_PLACES)
}

/** The answer without its extensions, or what went wrong on the way: that, too, may differ. */
async function ask(url: string, body: string, more: Readonly<Record<string, string>>): Promise<unknown> {
  const headers = { ...more, 'content-type': 'application/json', accept: 'application/graphql-response+json' }
  try {
    const signal = AbortSignal.timeout(ASK_WITHIN_MS)
    const response = await fetch(url, { method: 'POST', headers, body, signal })
    const { extensions: _, ...answer } = await response.json()
    return answer
  } catch (reason) {
    return { unanswered: `${url}: ${toFault(reason).message}` }
  }
}

function describe({ line }: ShadowRequest, found: readonly Difference[]): string {
  const places = found.map(
    ({ path, a, b }) => `  ${path || '(all of it)'}\n    a ${show(a)}\n    b ${show(b)}\n`,
  )
  return `line ${line}: the answers differ\n${places.join('')}`
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}
