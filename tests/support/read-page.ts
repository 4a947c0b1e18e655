/** What a command of a page is answered with: a GraphQL response, or any other JSON. */
export interface Answer {
  readonly data?: Readonly<Record<string, unknown>>
  readonly errors?: readonly unknown[]
}

/** The fenced blocks of one language. */
export function fencesIn(page: string, language: string): readonly string[] {
  return [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)]
    .filter(([, tag]) => tag === language)
    .map(([, , text = '']) => text.trim())
}

/** Every `curl` of the shell blocks, each in one line. */
export function commandsIn(page: string): readonly string[] {
  return fencesIn(page, 'sh')
    .flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .filter((line) => line.startsWith('curl '))
}

/** Sends what a `curl` line of a page says to the shop at `url`; knows -s, -H and -d, which is all that pages use. */
export async function ask(url: string, command: string): Promise<Answer> {
  const { address, headers, body } = parseCommand(command)
  const response = await fetch(address.replace(/^localhost:4000/, url), {
    headers,
    ...(body === undefined ? {} : { method: 'POST', body }),
  })
  // Only looked at by assertions.
  return (await response.json()) as Answer
}

interface Asked {
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

function parseCommand(command: string): Asked {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
  const after = (flag: string): readonly string[] => words.filter((_, i) => words[i - 1] === flag)
  const headers = after('-H').map((header) => header.split(/:\s*/, 2))
  const address = words.find((word) => word.startsWith('localhost:'))
  if (address === undefined) throw new Error(`Expected localhost:… in: ${command}`)
  const [body] = after('-d')
  return { address, headers: Object.fromEntries(headers), ...(body === undefined ? {} : { body }) }
}
