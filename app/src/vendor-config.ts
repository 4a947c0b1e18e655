import { requireConfig } from '@stoa/platform/config'
import type { Env } from '@stoa/platform/subgraph'
import { z } from 'zod'

const url = (example: string): z.ZodURL => z.url({ protocol: /^https?$/ }).meta({ example })
const secret = z.string().min(32).meta({ secret: true })

const named = z.object({
  PAYMENT_URL: url('https://payment.example'),
  WMS_URL: url('https://wms.example'),
  ERP_URL: url('https://erp.example'),
  NOTIFICATION_URL: url('https://messages.example'),
  WEBHOOK_SECRET: secret,
})
const simulated = z.object({ WEBHOOK_SECRET: secret.optional() })

export interface VendorConfig {
  /** Whether the environment names the vendors; if not, simulators are started. */
  readonly named: boolean
  readonly webhookSecret?: string
}

/** All vendors or none: one variable alone is more likely a mistake than a wish. Lists everything that is wrong. */
export function readVendorConfig(env: Env): VendorConfig {
  const asked = Object.keys(named.shape).filter((name) => name.endsWith('_URL'))
  const anyNamed = asked.some((name) => env[name] !== undefined)
  const config = anyNamed ? requireConfig(named, env) : requireConfig(simulated, env)
  return {
    named: anyNamed,
    ...(config.WEBHOOK_SECRET === undefined ? {} : { webhookSecret: config.WEBHOOK_SECRET }),
  }
}
