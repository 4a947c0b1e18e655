import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GatewayOptions, GatewayRequest, GatewayResponse } from './options.ts'

export type { GatewayOptions, GatewayRequest, GatewayResponse, Partner, SubgraphClient } from './options.ts'

/** The front of a supergraph: every transport goes through the same pipeline. */
export interface Gateway extends AsyncDisposable {
  execute(request: GatewayRequest): Promise<GatewayResponse>
  /** Serves GraphQL over HTTP; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Takes another supergraph; requests under way finish on the old one. A bad one throws BAD_SCHEMA and changes nothing. */
  swap(supergraph: string): void
}

export declare function createGateway(options: GatewayOptions): Gateway
