/**
 * Waits for all promises, as `Promise.all` does, but throws only when all have settled: the clean-up that follows must
 * come last.
 */
export async function allSettledOrThrow(work: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(work)
  const failure = ends.find(end => end.status === 'rejected')
  if (failure) throw failure.reason
}
