import { readFileSync } from 'node:fs'

/** One line of a Dockerfile: what to do and with what. */
export interface Instruction {
  readonly keyword: string
  readonly rest: string
}

/** The stages of a Dockerfile, each from its FROM on; comments left out, broken lines joined. */
export function readStages(file: URL): readonly (readonly Instruction[])[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
  const stages: Instruction[][] = []
  for (const line of lines) {
    const [, keyword = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? []
    if (keyword === 'FROM') stages.push([])
    stages.at(-1)?.push({ keyword, rest })
  }
  return stages
}

/** The words of a JSON form: `CMD ["node", "x.ts"]`. */
export function wordsOf(instruction: Instruction | undefined): readonly string[] {
  const words: unknown = JSON.parse(instruction?.rest.replace(/^.*?\[/, '[') ?? '[]')
  return Array.isArray(words) ? words.map(String) : []
}

export function find(stage: readonly Instruction[] | undefined, keyword: string): Instruction | undefined {
  return stage?.find((instruction) => instruction.keyword === keyword)
}
