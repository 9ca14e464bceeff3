/** Rejects when the signal is aborted before the work has ended. undici heeds a signal only when it is connected; until then its own ten seconds would count. */
export function abortable<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const end = () => aborted.reject(signal.reason)
  if (signal.aborted) end()
  signal.addEventListener('abort', end)
  return Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener('abort', end))
}
