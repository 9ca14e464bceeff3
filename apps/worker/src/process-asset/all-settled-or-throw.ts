/** Like `Promise.all`, but throws only when nothing is under way any more: clean-up follows, and must come last. */
export async function allSettledOrThrow(work: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(work)
  const failure = ends.find(end => end.status === 'rejected')
  if (failure) throw failure.reason
}
