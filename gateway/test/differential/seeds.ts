/** Cases that went wrong once, `seed:index`, and what was wrong. A change of what is drawn gives them another meaning. */
export const MENDED: Readonly<Record<string, string>> = {
  '1002:0':
    'a value told by two subgraphs, one of them down: what it lacked was null without an error of its own',
  '35:63': 'keys in another order, with one subgraph down: the walk takes over from generated code',
  '25:20':
    'generated code declared a name twice: what is kept of an object, and where a field that waits ends',
  '23:74':
    'a requirement with an alias was read the wrong way round: a field was worked out from another value',
  '24:81':
    'one key, with other arguments for each of two types of an @interfaceObject: the planner ended the process',
  '28:41':
    'the same field of two types of an @interfaceObject: the planner forgets one of them, null without an error',
  '1010:26':
    "a field beside one that requires it with other arguments: worked out from the client's instead of its own",
  '2064:51':
    'an error of a field that was fetched for objects of another type alone showed where nobody asked',
  '60006:85': 'generated code over objects declared a name twice: one field under two keys of the client',
  '60571:92':
    'generated code over objects showed an entity with the fields that were asked for at another place',
  '50959:5':
    'generated code waited for a field from a sub-request beside its own, and gave null when that one was late',
}
