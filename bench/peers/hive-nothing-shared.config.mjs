import { gatewayConfig as shared } from './hive.config.mjs'

export const gatewayConfig = {
  ...shared,
  transportEntries: { '*.http': { options: { deduplicateInflightRequests: false } } },
}
