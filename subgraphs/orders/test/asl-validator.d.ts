declare module 'asl-validator' {
  /** Its package says nothing about types; this is what we use of it. */
  function validate(definition: object): {
    readonly isValid: boolean
    readonly errors: readonly object[]
  }
  export = validate
}
