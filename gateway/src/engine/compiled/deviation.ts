/**
 * Thrown by generated code when an answer is not of the one form it was made for: an error, a null that must travel
 * up, other spacing or order, a value of another kind. Not an Error, as it needs no stack; the tree-walking engine
 * then takes over, and says what is wrong if something is.
 */
export const DEVIATION: unique symbol = Symbol('an answer of another form than expected')

/** Why there are no generated functions for an operation; the tree-walking engine runs it. */
export class NotCompiled extends Error {
  override readonly name = 'NotCompiled'
}
