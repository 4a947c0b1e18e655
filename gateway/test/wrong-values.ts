import { type Misbehaviour, response } from './hostile-subgraph.ts'
import { mangle, say } from './misbehave.ts'

export const query =
  '{ product { name n: reviews { text } score } latest { text stars by { __typename ... on Person { name } } } }'
const latest: readonly object[] = ['Good.', 'Bad.'].map((text) => ({
  text,
  stars: 5,
  by: { __typename: 'Person', name: 'ada' },
}))
export const right: Readonly<Record<string, unknown>> = {
  product: { name: 'Tee', n: [{ text: 'Fine.' }], score: 7 },
  latest,
}
/** Without anything that `reviews` tells. */
export const rest: Readonly<Record<string, unknown>> = {
  product: { name: 'Tee', n: null, score: null },
  latest: null,
}

/** Some of it is right. */
interface Partly {
  readonly behaviour: Misbehaviour
  /** Default: as it should be. */
  readonly data?: object
  /** `path code` of each error. */
  readonly errors?: readonly string[]
}

const at = (change: object): object => ({ ...right, latest: [{ ...latest[0], ...change }, latest[1]] })

export const partly: Readonly<Record<string, Partly>> = {
  'the right answer with 500': {
    behaviour: (socket, body) => void socket.write(response(body, { status: '500 Internal Server Error' })),
  },
  'the right answer, and closes': {
    behaviour: (socket, body) => void socket.write(response(body), () => socket.destroy()),
  },
  'the right answer, and another nobody asked for': {
    behaviour: (socket, body) => void socket.write(Buffer.concat([response(body), response('{"data":{}}')])),
  },
  'a key twice: the last one counts': {
    behaviour: mangle(/"data":\{/, '"data":{"_entities":null,"latest":7,'),
  },
  'keys that reach a prototype': {
    behaviour: mangle(
      /"text":/g,
      '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"text":',
    ),
  },
  'keys that reach a prototype at the root': {
    behaviour: mangle('{"data":', '{"__proto__":{"data":{"latest":[]}},"constructor":null,"data":'),
  },
  'errors that reach a prototype': {
    behaviour: mangle(
      /\}$/,
      ',"errors":[{"message":"x","path":["__proto__","polluted"],"extensions":{"code":"X","__proto__":{"polluted":true}}}]}',
    ),
    errors: [' X'],
  },
  'a surrogate alone': { behaviour: mangle('Good.', '\\ud800'), data: at({ text: '\ud800' }) },
  '1e999 for Int': {
    behaviour: mangle('"stars":5', '"stars":1e999'),
    data: at({ stars: null }),
    errors: ['latest.0.stars VALUE_INVALID'],
  },
  'more than 32 bits for Int': {
    behaviour: mangle('"stars":5', '"stars":2147483648'),
    data: at({ stars: null }),
    errors: ['latest.0.stars VALUE_INVALID'],
  },
  'a fraction for Int': {
    behaviour: mangle('"stars":5', '"stars":5.5'),
    data: at({ stars: null }),
    errors: ['latest.0.stars VALUE_INVALID'],
  },
  'text for Int': {
    behaviour: mangle('"stars":5', '"stars":"five"'),
    data: at({ stars: null }),
    errors: ['latest.0.stars VALUE_INVALID'],
  },
  'a list for Int': {
    behaviour: mangle('"stars":5', '"stars":[5]'),
    data: at({ stars: null }),
    errors: ['latest.0.stars VALUE_INVALID'],
  },
  'an object for text': {
    behaviour: mangle('"text":"Good."', '"text":{"__proto__":{"polluted":true}}'),
    data: at({ text: null }),
    errors: ['latest.0.text VALUE_INVALID'],
  },
  'text for an object': {
    behaviour: mangle(/"by":\{[^}]*\}/, '"by":"ada"'),
    data: at({ by: null }),
    errors: ['latest.0.by VALUE_INVALID'],
  },
  'a type that does not exist': {
    behaviour: mangle('"__typename":"Person"', '"__typename":"Nobody"'),
    data: at({ by: null }),
    errors: ['latest.0.by VALUE_INVALID'],
  },
  'a type that is not possible here': {
    behaviour: mangle('"__typename":"Person"', '"__typename":"Other"'),
    data: at({ by: null }),
    errors: ['latest.0.by VALUE_INVALID'],
  },
  'a type called __proto__': {
    behaviour: mangle('"__typename":"Person"', '"__typename":"__proto__"'),
    data: at({ by: null }),
    errors: ['latest.0.by VALUE_INVALID'],
  },
  'a type that is a number': {
    behaviour: mangle('"__typename":"Person"', '"__typename":7'),
    data: at({ by: null }),
    errors: ['latest.0.by VALUE_INVALID'],
  },
  'entities and fields that are no lists': {
    behaviour: say('{"data":{"_entities":{"0":{}},"latest":{"0":{}}}}'),
    data: rest,
    errors: ['latest VALUE_INVALID', 'product.n SUBGRAPH_INVALID', 'product.score SUBGRAPH_INVALID'],
  },
  'no entity': {
    behaviour: mangle(/"_entities":\[.*\]/, '"_entities":[]'),
    data: { ...right, product: rest['product'] },
    errors: ['product.n SUBGRAPH_INVALID', 'product.score SUBGRAPH_INVALID'],
  },
  'more entities than were asked for': {
    behaviour: mangle('"_entities":[', '"_entities":[{"reviews":null,"score":1},'),
    data: { ...right, product: rest['product'] },
    errors: ['product.n SUBGRAPH_INVALID', 'product.score SUBGRAPH_INVALID'],
  },
  'entities that are text': {
    behaviour: mangle(/"_entities":\[.*\]/, '"_entities":["1"]'),
    data: { ...right, product: rest['product'] },
    errors: ['product.n SUBGRAPH_INVALID', 'product.score SUBGRAPH_INVALID'],
  },
}
