import { remembered } from './remembered.ts'

/** The two ways an answer may be labelled: the second is for clients that know no better. */
export type AnswerType = 'application/graphql-response+json' | 'application/json'

/**
 * Whether a request body is said to be JSON in UTF-8. Nothing else is read: the types a page may send to another
 * site without asking first (forms, plain text) are not among these, which is what stops cross-site requests.
 */
export function isJsonType(contentType: string | undefined): boolean {
  return contentType !== undefined && isUtf8Json(contentType)
}

const isUtf8Json = remembered((contentType: string): boolean => {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase())
  return type === 'application/json' && parameters.every(isUtf8)
})

function isUtf8(parameter: string): boolean {
  const [name, value = ''] = parameter.split('=').map((part) => part.trim())
  return name !== 'charset' || value.replaceAll('"', '') === 'utf-8'
}
