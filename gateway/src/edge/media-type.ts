import { remembered } from './remembered.ts'

/** The two ways an answer may be labelled: the second is for clients that know no better. */
export type AnswerType = 'application/graphql-response+json' | 'application/json'

/** What the caller accepts best; `application/json` when it does not say; undefined when it accepts neither. */
export function chooseAnswerType(accept: string | undefined): AnswerType | undefined {
  return accept === undefined ? 'application/json' : bestOf(accept)
}

const bestOf = remembered((accept: string): AnswerType | undefined => {
  if (accept.trim() === '') return 'application/json'
  let best: { readonly type: AnswerType; readonly quality: number } | undefined
  for (const range of accept.split(',').slice(0, MOST_RANGES)) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const type = ANSWERS[name]
    const quality = qualityOf(parameters)
    if (type && quality > (best?.quality ?? 0)) best = { type, quality }
  }
  return best?.type
})

const MOST_RANGES = 20

const ANSWERS: Readonly<Record<string, AnswerType>> = {
  'application/graphql-response+json': 'application/graphql-response+json',
  'application/json': 'application/json',
  'application/*': 'application/json',
  '*/*': 'application/json',
}

function qualityOf(parameters: readonly string[]): number {
  const given = parameters.find((parameter) => parameter.startsWith('q='))
  const quality = given === undefined ? 1 : Number(given.slice(2))
  return Number.isFinite(quality) ? quality : 0
}

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
