import { describe, expect, it } from '@jest/globals'
import { readVendorConfig } from './vendor-config.ts'

const SECRET = 'a secret of at least thirty-two characters'
const VENDORS = {
  PAYMENT_URL: 'https://payment.example',
  WMS_URL: 'http://wms.example:8080',
  ERP_URL: 'https://erp.example/api',
  NOTIFICATION_URL: 'https://messages.example',
  WEBHOOK_SECRET: SECRET,
}

function problemOf(env: Readonly<Record<string, string>>): string {
  try {
    readVendorConfig(env)
  } catch (reason) {
    return String(reason)
  }
  throw new Error('Expected the configuration to be refused.')
}

describe('the vendors in the environment', () => {
  it('are simulators when none is named', () => {
    expect(readVendorConfig({ PATH: '/bin' })).toEqual({ named: false })
    expect(readVendorConfig({ WEBHOOK_SECRET: SECRET })).toEqual({ named: false, webhookSecret: SECRET })
  })

  it('are those named when all are', () => {
    expect(readVendorConfig(VENDORS)).toEqual({ named: true, webhookSecret: SECRET })
  })

  it('are refused when only some are named, each missing one by its name', () => {
    const problem = problemOf({ WMS_URL: VENDORS.WMS_URL })
    for (const name of ['PAYMENT_URL', 'ERP_URL', 'NOTIFICATION_URL', 'WEBHOOK_SECRET'])
      expect(problem).toContain(name)
    expect(problem).not.toContain('WMS_URL')
  })

  it('are refused when they are no web addresses', () => {
    const problem = problemOf({ ...VENDORS, ERP_URL: 'ftp://erp.example', PAYMENT_URL: 'payment' })
    expect(problem).toMatch(/PAYMENT_URL[\s\S]*ERP_URL|ERP_URL[\s\S]*PAYMENT_URL/)
  })

  it('never show a secret, not even one that is too short', () => {
    const problem = problemOf({ ...VENDORS, WEBHOOK_SECRET: 'hunter2' })
    expect(problem).toContain('WEBHOOK_SECRET')
    expect(problem).not.toContain('hunter2')
  })
})
