/** As a good head does: the same again until there is an answer; throws the last reason when patience runs out. */
export async function insist<T>(ask: () => Promise<T>, patienceMs: number): Promise<T> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    try {
      return await ask()
    } catch (reason) {
      if (Date.now() > deadline) throw reason
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
