import { hash } from 'node:crypto'
import { Fault } from '@stoa/platform/fault'
import { ok, type Result } from '@stoa/platform/result'
import { type Refusal, refuse } from '../refusal.ts'

/** Which document a request means, once it is known who sends it. */
export interface ChosenDocument {
  readonly text: string
  /** Absent: anyone's own document. */
  readonly id: string | undefined
}

export interface DocumentRequest {
  readonly query?: string | undefined
  readonly documentId?: string | undefined
}

export interface DocumentRules {
  readonly trusted: ReadonlyMap<string, string>
  readonly adHocDocuments: boolean
}

/** Refuses to start when an id is not the hash of its text: whoever could change one would own the allow-list. */
export function checkTrustedDocuments(documents: ReadonlyMap<string, string>): void {
  for (const [id, text] of documents) {
    const expected = `sha256:${hash('sha256', text)}`
    if (id !== expected)
      throw new Fault(
        'BAD_CONFIG',
        `Expected the trusted document "${id}" to have the id ${expected}. Generate the manifest again.`,
      )
  }
}

/** `only`: the ids this caller may use; it may then send no document of its own. */
export function chooseDocument(
  request: DocumentRequest,
  rules: DocumentRules,
  only: ReadonlySet<string> | undefined,
): Result<ChosenDocument, Refusal> {
  const { query, documentId } = request
  if (query !== undefined && documentId !== undefined)
    return refuse('REQUEST_INVALID', 'Expected either "query" or "documentId", got both. Send one of them.')
  if (documentId !== undefined) return findDocument(documentId, rules, only)
  if (query === undefined || query === '')
    return refuse(
      'REQUEST_INVALID',
      'Expected a GraphQL document in "query" or an id in "documentId", got neither.',
    )
  if (only || !rules.adHocDocuments)
    return refuse(
      'DOCUMENT_REQUIRED',
      'Documents are only run by id here. Send "documentId": "sha256:…" in place of "query".',
    )
  return ok({ text: query, id: undefined })
}

function findDocument(
  id: string,
  rules: DocumentRules,
  only: ReadonlySet<string> | undefined,
): Result<ChosenDocument, Refusal> {
  if (only && !only.has(id))
    return refuse('DOCUMENT_NOT_ALLOWED', 'This document id is not among those agreed for this key.')
  const text = rules.trusted.get(id)
  return text === undefined
    ? refuse(
        'DOCUMENT_NOT_FOUND',
        'No document with this id is known. Expected "sha256:" and 64 hex digits of a published document.',
      )
    : ok({ text, id })
}
