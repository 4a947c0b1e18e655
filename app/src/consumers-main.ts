import { writeFile } from 'node:fs/promises'
import { consumersText, eventTypesText } from './consumers/list-consumers.ts'

const deploy = new URL('../../deploy/', import.meta.url)
await writeFile(new URL('consumers.json', deploy), await consumersText())
await writeFile(new URL('event-types.json', deploy), eventTypesText())
