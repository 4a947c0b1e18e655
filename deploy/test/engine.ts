import { existsSync } from 'node:fs'

const root = new URL('../../', import.meta.url)

/** The engines' own sources need the modules of the repository; deploy/ alone has none of them. */
export function whyNoEngines(): string | undefined {
  return existsSync(new URL('node_modules/@stoa/platform', root))
    ? undefined
    : 'the repository is not installed'
}

export type Functions = Readonly<Record<string, ((...args: readonly unknown[]) => unknown) | undefined>>

/** By a path that is made here: deploy/ knows names only, and takes no types from there. */
export async function engine(path: string): Promise<Functions> {
  return await import(new URL(path, root).href)
}
