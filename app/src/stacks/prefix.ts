import { z } from 'zod'

/** Before every table, schema, topic, bus, rule and queue: shops that share servers do not see one another. */
export const prefix: z.ZodDefault<z.ZodString> = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/)
  .default('stoa-')
  .meta({ example: 'stoa-' })
