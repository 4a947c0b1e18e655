import { writeFileSync } from 'node:fs'
import { sagaFiles } from './saga-files.ts'

// Writes docs/order-saga.* anew; a test fails while they are stale.
for (const { url, text } of sagaFiles()) writeFileSync(url, text)
