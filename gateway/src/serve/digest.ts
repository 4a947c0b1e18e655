import { hash } from 'node:crypto'

/** By which a supergraph is named in logs and in `/readyz`: the first 12 hex digits of its SHA-256. */
export function digestOf(supergraph: string): string {
  return hash('sha256', supergraph).slice(0, 12)
}
