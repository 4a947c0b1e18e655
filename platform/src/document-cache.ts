import type { ApolloServerOptions, BaseContext } from '@apollo/server'
import type { DocumentNode } from 'graphql'

type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>

const MAX_DOCUMENTS = 1_000

/** Parsed and validated documents by their hash. A gateway sends the same few hundred over and over. */
export function createDocumentCache(): DocumentStore {
  const documents = new Map<string, DocumentNode>()
  return {
    async get(key) {
      const document = documents.get(key)
      if (document) {
        // A map keeps the order of insertion: what was asked for last goes to the end.
        documents.delete(key)
        documents.set(key, document)
      }
      return document
    },
    async set(key, document) {
      documents.set(key, document)
      const [oldest] = documents.size > MAX_DOCUMENTS ? documents.keys() : []
      if (oldest !== undefined) documents.delete(oldest)
    },
    async delete(key) {
      return documents.delete(key)
    },
  }
}
