import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createVirtualClock } from './clock.virtual.ts'
import { createRetryBudget } from './retry-budget.ts'

describe('a retry budget', () => {
  it('lets bad moments pass on its stock', () => {
    const budget = createRetryBudget({ clock: createVirtualClock(), stock: 3 })
    expect([1, 2, 3, 4].map(() => budget.spend())).toEqual([true, true, true, false])
  })

  it('earns a share of the first tries, and some by time alone', () => {
    const clock = createVirtualClock()
    const budget = createRetryBudget({ clock, stock: 2, share: 0.5, perSecond: 1 })
    while (budget.spend());
    budget.earn()
    expect(budget.spend()).toBe(false)
    budget.earn()
    expect(budget.spend()).toBe(true)
    clock.advance(1000)
    expect([budget.spend(), budget.spend()]).toEqual([true, false])
  })

  it('never gives more than it says, whatever happens in whatever order', () => {
    const steps = fc.array(
      fc.oneof(
        fc.constant('try' as const),
        fc.constant('retry' as const),
        fc.integer({ min: -500, max: 900 }),
      ),
      { maxLength: 300 },
    )
    fc.assert(
      fc.property(steps, (history) => {
        const clock = createVirtualClock()
        const start = clock.now()
        const budget = createRetryBudget({ clock, stock: 5, share: 0.2, perSecond: 2 })
        let [tries, retries] = [0, 0]
        for (const step of history) {
          if (step === 'try') {
            budget.earn()
            tries += 1
          } else if (step === 'retry') retries += Number(budget.spend())
          else clock.advance(Math.max(0, step))
        }
        const seconds = (clock.now() - start) / 1000
        expect(retries).toBeLessThanOrEqual(5 + 0.2 * tries + 2 * seconds + 1e-6)
      }),
    )
  })
})
