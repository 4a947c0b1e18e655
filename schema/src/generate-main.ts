import { readFileSync, writeFileSync } from 'node:fs'
import { eventsFile } from './event-registry.ts'
import { generateEventTypes } from './generate/event-types.ts'

writeFileSync(
  new URL('./events.generated.ts', import.meta.url),
  await generateEventTypes(readFileSync(eventsFile, 'utf8')),
)
