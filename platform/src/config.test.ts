import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { readConfig, requireConfig } from './config.ts'
import { Fault } from './fault.ts'

const schema = z.object({
  PAYMENT_URL: z.url().meta({ example: 'http://127.0.0.1:4101' }),
  PORT: z.coerce.number().int().min(1).max(65_535).default(4000).meta({ example: 4000 }),
  LOG_LEVEL: z.enum(['debug', 'info']).optional(),
  WEBHOOK_SECRET: z.string().min(16),
  PIN: z.string().regex(/^\d+$/).meta({ secret: true, example: '1234' }).optional(),
})

const good = { PAYMENT_URL: 'http://127.0.0.1:4101', WEBHOOK_SECRET: 'a'.repeat(16) }

describe('reading the configuration', () => {
  it('gives typed values with defaults and leaves everything else aside', () => {
    const value = { PAYMENT_URL: 'http://127.0.0.1:4101', PORT: 4000, WEBHOOK_SECRET: 'a'.repeat(16) }
    expect(readConfig(schema, { ...good, PATH: '/bin' })).toEqual({ ok: true, value })
    expect(requireConfig(schema, { ...good, PORT: '8080' }).PORT).toBe(8080)
  })

  it('takes a variable set to nothing as not set', () => {
    expect(requireConfig(schema, { ...good, PORT: '', LOG_LEVEL: '' }).PORT).toBe(4000)
  })

  it('lists every problem at once', () => {
    const env = { PORT: 'http', LOG_LEVEL: 'loud', WEBHOOK_SECRET: 'hunter2', PIN: 'x9' }
    const config = readConfig(schema, env)
    expect(config.ok ? [] : config.error).toEqual([
      { variable: 'PAYMENT_URL', got: 'nothing', expected: 'string', example: 'http://127.0.0.1:4101' },
      { variable: 'PORT', got: '"http"', expected: 'number', example: '4000' },
      { variable: 'LOG_LEVEL', got: '"loud"', expected: 'one of debug, info' },
      {
        variable: 'WEBHOOK_SECRET',
        got: 'a secret of 7 characters',
        expected: 'string to have >=16 characters',
      },
      { variable: 'PIN', got: 'a secret of 2 characters', expected: 'a valid regex', example: '1234' },
    ])
  })

  it('refuses to start with one fault that names them all and no secret', () => {
    const env = { PAYMENT_URL: 'postgres//ada:hunter3@db', PORT: '70000', WEBHOOK_SECRET: 'hunter2' }
    const fault = caught(() => requireConfig(schema, env))
    expect(fault.code).toBe('BAD_CONFIG')
    expect(fault.message).toBe(
      [
        'The configuration is wrong. Correct these and start again:',
        '  PAYMENT_URL: got "postgres//…@db", expected a valid url, for example PAYMENT_URL=http://127.0.0.1:4101',
        '  PORT: got "70000", expected number to be <=65535, for example PORT=4000',
        '  WEBHOOK_SECRET: got a secret of 7 characters, expected string to have >=16 characters',
      ].join('\n'),
    )
  })
})

function caught(run: () => unknown): Fault {
  try {
    run()
  } catch (reason) {
    if (reason instanceof Fault) return reason
  }
  throw new Error('Expected a fault.')
}
