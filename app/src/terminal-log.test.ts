import { describe, expect, it } from '@jest/globals'
import { createTerminalLog } from './terminal-log.ts'

describe('the log in a terminal', () => {
  it('names who waits, the vendor that failed, and when it is tried again', () => {
    const lines: string[] = []
    const log = createTerminalLog((line) => lines.push(line)).child({ consumer: 'orders.payment' })
    const fault = { code: 'UPSTREAM_UNAVAILABLE', reason: 'payment cannot be reached. Try again later.' }
    log.warn({ stream: 'order-1', ...fault, waitMs: 1_240 }, 'An event waits.')
    expect(lines).toEqual([
      '  ! An event waits.\n      orders.payment order-1 UPSTREAM_UNAVAILABLE · payment cannot be reached. Try again later. · again in 1.2 s\n',
    ])
  })

  it('is one line where there is nothing to add, and silent about what only programs read', () => {
    const lines: string[] = []
    const log = createTerminalLog((line) => lines.push(line))
    log.info({}, 'all is well')
    log.error({ err: new Error('out of paper') }, 'The printer stopped.')
    log.error({}, 'Nothing more.')
    expect(lines).toEqual(['  ✖ The printer stopped.\n      out of paper\n', '  ✖ Nothing more.\n'])
  })
})
