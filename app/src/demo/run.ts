import { systemClock } from '@stoa/platform/clock'
import { toFault } from '@stoa/platform/fault'
import { createLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import { generateDemoData } from '../demo-data/generate.ts'
import { openShop } from '../shop.ts'
import { createNarrator } from './narrator.ts'
import { tellStory } from './story.ts'

/** `npm run demo`: opens a shop of its own, tells one order from search to fulfilled, answers the exit code. */
export async function runDemo(env: Env): Promise<number> {
  const narrator = createNarrator((text) => process.stdout.write(text))
  const log = createLog({ name: 'demo', level: 'error' })
  let failures = 0
  let steps = 0
  try {
    await using shop = await openShop({
      clock: systemClock,
      random: systemRandom,
      log,
      port: 0,
      env,
      data: generateDemoData({ scale: 1, seed: 42 }),
    })
    narrator.say(`The shop is open at ${shop.url}`)
    await tellStory(shop, narrator)
  } catch (reason) {
    failures += narrator.failures() === 0 ? 1 : 0
    if (failures > 0) narrator.say(`✖ ${toFault(reason).message}`)
  }
  failures += narrator.failures()
  steps += narrator.steps()
  const figures = { seconds: Number((performance.now() / 1000).toFixed(2)), steps, failures }
  narrator.say(
    failures === 0
      ? 'Everything was as it must be.'
      : `${failures} of ${steps} steps were not as they must be.`,
  )
  process.stdout.write(`${JSON.stringify({ name: 'demo', figures })}\n`)
  return failures === 0 ? 0 : 1
}
