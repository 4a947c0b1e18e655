import type { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { cbor } from '@smithy/core/cbor'
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Clock } from '../../../clock.ts'

/**
 * Calls EventBridge's custom event bus of 2026 (`eventbridgev2`, API 2025-05-15), for which there is no package on npm
 * yet: requests of Smithy's RPC v2 as CBOR, signed with Signature Version 4.
 * https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
export interface CustomBusClient {
  /** Rejects with what the service says, named and marked as errors of the SDK are. */
  call(operation: string, input: object, abortSignal: AbortSignal): Promise<CustomBusAnswer>
}

export type CustomBusAnswer = Readonly<Record<string, unknown>>

export interface CustomBusClientOptions {
  /** Of the classic API: region, credentials and connections are taken from it. It belongs to the caller. */
  readonly classic: EventBridgeClient
  /** Of signatures: the real time. */
  readonly clock: Clock
  /** Default: AWS's own in that region. */
  readonly endpoint?: string
}

const SERVICE = 'AWSEventsV2'
const PROTOCOL = {
  'smithy-protocol': 'rpc-v2-cbor',
  'content-type': 'application/cbor',
  accept: 'application/cbor',
}

export function createCustomBusClient(options: CustomBusClientOptions): CustomBusClient {
  const { classic, clock, endpoint } = options
  const { config } = classic
  /** What the service's clock is ahead of ours, in milliseconds, where it refused a signature for it. */
  let skew = 0

  async function sign(operation: string, input: object): Promise<HttpRequest> {
    const { credentials, sha256 } = config
    const region = await config.region()
    const url = new URL(endpoint ?? `https://eventsv2.${region}.${domainOf(region)}`)
    const signer = new SignatureV4({ service: 'events', region, credentials, sha256 })
    const signingDate = new Date(clock.now() + skew)
    return new HttpRequest(await signer.sign(requestOf(url, operation, input), { signingDate }))
  }

  return {
    async call(operation, input, abortSignal) {
      const request = await sign(operation, input)
      const { response } = await config.requestHandler.handle(request, { abortSignal })
      const body = await config.streamCollector(response.body)
      if (response.statusCode < 300) return parse(body)
      if (response.statusCode === 403) skew = skewOf(response, clock.now())
      throw errorOf(response.statusCode, parse(body))
    },
  }
}

function requestOf(url: URL, operation: string, input: object): HttpRequest {
  return new HttpRequest({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    path: `/service/${SERVICE}/operation/${operation}`,
    headers: { ...PROTOCOL, host: url.host },
    body: cbor.serialize(input),
  })
}

function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
}

/** What is no CBOR, as from a proxy in between, says nothing. */
function parse(body: Uint8Array): CustomBusAnswer {
  try {
    const value: unknown = body.length === 0 ? {} : cbor.deserialize(body)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function skewOf({ headers }: HttpResponse, now: number): number {
  const said = Date.parse(headers['date'] ?? '')
  return Number.isNaN(said) ? 0 : said - now
}

/** `__type` is a shape with its namespace: `aws.events#ThrottlingException`. */
function errorOf(status: number, said: CustomBusAnswer): Error {
  const name =
    String(said['__type'] ?? '')
      .split('#')
      .at(-1) || 'UnknownError'
  const message = String(said['Message'] ?? said['message'] ?? '')
  return Object.assign(new Error(message), {
    name,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status },
  })
}
