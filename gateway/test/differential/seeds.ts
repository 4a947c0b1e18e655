/** Cases that went wrong once, `seed:index`, and what was wrong. A change of what is drawn gives them another meaning. */
export const MENDED: Readonly<Record<string, string>> = {
  '1002:0':
    'a value told by two subgraphs, one of them down: what it lacked was null without an error of its own',
  '35:63': 'keys in another order, with one subgraph down: the walk takes over from generated code',
  '25:20':
    'generated code declared a name twice: what is kept of an object, and where a field that waits ends',
  '23:74':
    'a requirement with an alias was read the wrong way round: a field was worked out from another value',
}

/*
 * Cases that still go wrong, all of them in the planner: `seed:index`, and what is wrong.
 *
 * - `24:81`: the planner ends the process: two types of an @interfaceObject, one field, other arguments
 * - `28:41`: the planner forgets one of two types of an @interfaceObject: null without an error
 * - `1010:26`: the planner asks for a required field under a key that the client uses with other arguments
 */
