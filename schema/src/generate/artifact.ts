/** A file that is generated and committed. */
export interface Artifact {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  readonly content: string
}
