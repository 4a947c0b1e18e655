import { randomBytes } from 'node:crypto'
import { env as processEnv } from 'node:process'
import type { EngineParts, Engines } from '@stoa/app/engines'
import { openEngines } from '@stoa/app/stack'
import { type StackName, stackNames } from '@stoa/app/stack-name'

const { STOA_TEST_STACK: named } = processEnv

/** On which engines the scenarios run: `npm run test:open` and `npm run test:aws` say so, and where those are. */
export const stack: StackName = stackNames.find((name) => name === named) ?? 'embedded'

/** Engines with nothing in them: shops that share servers do not see one another. */
export async function openFreshEngines(parts: EngineParts): Promise<Engines> {
  const prefix = `t${randomBytes(4).toString('hex')}-`
  return await openEngines(stack, { ...parts, env: { ...processEnv, STOA_PREFIX: prefix } })
}
