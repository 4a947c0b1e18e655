import type { Fetch } from './shape.ts'

/** The JSON of a sub-request, one character for each byte. */
export type BodyOf = (
  variables: Readonly<Record<string, unknown>>,
  representations: readonly (readonly string[])[],
) => string

/** All that is the same in every request is written once. Members come in the order in which the tree-walking engine has them. */
export function bodyWriter({ node, batches }: Fetch): BodyOf {
  const query = latin1(JSON.stringify(node.operation))
  const name =
    node.operationName === undefined ? '' : `,"operationName":${JSON.stringify(node.operationName)}`
  const start = `{"query":${query}${name},"variables":{`
  const names = batches.map(({ batch }) => `${JSON.stringify(batch.representationsVariable)}:[`)
  return (variables, representations) => {
    const given = node.variables
      .filter((variable) => variable in variables)
      .map((variable) => `${JSON.stringify(variable)}:${latin1(JSON.stringify(variables[variable]))}`)
    const asked = names.map((key, i) => `${key}${representations[i]?.join() ?? ''}]`)
    return `${start}${[...given, ...asked].join()}}}`
  }
}

function latin1(text: string): string {
  return NOT_ASCII.test(text) ? Buffer.from(text).toString('latin1') : text
}

const NOT_ASCII = /\P{ASCII}/u
