import { writeFile } from 'node:fs/promises'
import { costSheet } from './costs/cost-sheet.ts'
import { environments } from './environments.ts'

const { text, facts } = costSheet(environments)
await writeFile(new URL('../../docs/costs.md', import.meta.url), text)
process.stdout.write(`${text}\n${JSON.stringify(facts)}\n`)
