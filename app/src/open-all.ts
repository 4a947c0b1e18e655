/** Waits for all of them and gives each that opened to `owner`; then throws the first reason, if any did not. */
export async function openAll<T extends AsyncDisposable>(
  owner: AsyncDisposableStack,
  opening: readonly Promise<T>[],
): Promise<readonly T[]> {
  // With Promise.all alone, one that opens after another has failed would never be closed.
  for (const one of await Promise.allSettled(opening)) if (one.status === 'fulfilled') owner.use(one.value)
  return await Promise.all(opening)
}
