import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createProgress, type Ticket } from './progress.ts'

describe('progress through the log', () => {
  it('never passes an event that is not settled, and passes all that are', () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.nat()), { maxLength: 3000 })
    fc.assert(fc.property(steps, walk), { numRuns: 30 })
  })
})

/** Opens an event or settles any of the open ones, and looks at the checkpoint after each step. */
function walk(steps: readonly (readonly [isNew: boolean, pick: number])[]): void {
  const progress = createProgress()
  const open: Ticket[] = []
  let readTo = 0
  for (const [isNew, pick] of steps) {
    if (isNew) {
      readTo += 1 + (pick % 3)
      open.push(progress.open(readTo))
    } else settleOne(open, pick)
    expect(progress.checkpoint(readTo)).toBe(open[0] ? open[0].position - 1 : readTo)
  }

  function settleOne(tickets: Ticket[], pick: number): void {
    for (const ticket of tickets.splice(pick % Math.max(1, tickets.length), 1)) progress.settle(ticket)
  }
}
