import { z } from 'zod'

/** Where a service of AWS is, if not where the SDK looks for it. */
export const awsEndpoint: z.ZodExactOptional<z.ZodURL> = z
  .url({ protocol: /^https?$/ })
  .exactOptional()
  .meta({ example: 'http://127.0.0.1:8000' })

/** Absent: the role of the machine, by the SDK's own chain. */
export const awsCredentialsShape: Record<CredentialName, z.ZodExactOptional<z.ZodString>> = {
  AWS_ACCESS_KEY_ID: z.string().exactOptional().meta({ secret: true }),
  AWS_SECRET_ACCESS_KEY: z.string().exactOptional(),
  AWS_SESSION_TOKEN: z.string().exactOptional(),
}

type CredentialName = 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | 'AWS_SESSION_TOKEN'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** As clients of the SDK take them; nothing where the environment has none. */
export function awsCredentials(settings: z.output<z.ZodObject<typeof awsCredentialsShape>>): {
  readonly credentials?: AwsCredentials
} {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = settings
  if (accessKeyId === undefined || secretAccessKey === undefined) return {}
  const session = settings.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: settings.AWS_SESSION_TOKEN }
  return { credentials: { accessKeyId, secretAccessKey, ...session } }
}
