/**
 * Works on what `next` returns until that is null, so many at a time. The first failure ends the others through their signal.
 * @throws the first failure, after all have ended
 */
export async function inParallel<Item>(
  count: number,
  next: () => Promise<Item | null>,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
  outer: AbortSignal,
): Promise<void> {
  const stop = new AbortController()
  const signal = AbortSignal.any([outer, stop.signal])
  let failed: { error: unknown } | null = null

  async function run(): Promise<void> {
    try {
      for (let item = await next(); item !== null && !signal.aborted; item = await next()) await work(item, signal)
      signal.throwIfAborted()
    } catch (error) {
      failed ??= { error }
      stop.abort(error)
    }
  }

  await Promise.all(Array.from({ length: count }, run))
  outer.throwIfAborted()
  if (failed) throw (failed as { error: unknown }).error
}
