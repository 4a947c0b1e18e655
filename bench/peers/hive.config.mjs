// Hive Gateway with the Rust planner and its defaults: identical sub-requests that are under way together are asked once.
import { defineConfig } from '@graphql-hive/gateway'
import { unifiedGraphHandler } from '@graphql-hive/router-runtime'

export const gatewayConfig = defineConfig({ unifiedGraphHandler, logging: false })
