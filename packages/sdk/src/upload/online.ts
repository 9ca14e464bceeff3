/**
 * Waits while the browser says that there is no network.
 * @returns whether there was none; false where nobody tells, as in Node
 * @throws the signal's reason when it is aborted meanwhile
 */
export async function untilOnline(signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted()
  if (typeof navigator === 'undefined' || navigator.onLine !== false) return false
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const onAbort = () => reject(signal.reason)
  addEventListener('online', () => resolve(), { once: true })
  signal.addEventListener('abort', onAbort, { once: true })
  await promise.finally(() => signal.removeEventListener('abort', onAbort))
  return true
}
