import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '../clock.virtual.ts'
import { createDeadlineQueue } from './deadline-queue.ts'

describe('the queue of deadlines', () => {
  it('calls each item when its own time is up, and none that was taken out', () => {
    const clock = createVirtualClock(0)
    const due: string[] = []
    const queue = createDeadlineQueue<string>(clock, 100, (item) => due.push(`${item} at ${clock.now()}`))
    queue.add('ada')
    clock.advance(30)
    queue.add('bo')
    queue.add('cleo')
    queue.delete('cleo')
    clock.advance(99)
    expect(due).toEqual(['ada at 100'])
    clock.advance(1)
    expect(due).toEqual(['ada at 100', 'bo at 130'])
    queue.add('dora')
    queue.clear()
    expect(clock.nextAt()).toBeUndefined()
  })
})
