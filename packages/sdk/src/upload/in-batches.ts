/** A call that was asked for and not made yet. */
interface Waiting<Input, Output> {
  input: Input
  signal: AbortSignal | undefined
  resolve: (output: Output) => void
  reject: (error: unknown) => void
}

interface Deps<Input, Output> {
  maxItems: number
  /** Makes one call alone. */
  one: (input: Input, signal: AbortSignal | undefined) => Promise<Output>
  /**
   * Makes several calls as one.
   * @returns in the order of the inputs, what each is answered with; null where these can only be made alone
   */
  many: (inputs: Input[], signal: AbortSignal) => Promise<PromiseSettledResult<Output>[] | null>
  /** Whether nobody loses by a moment in which more are asked for. Default: never. */
  mayLinger?: () => boolean
}

/** How long calls wait for more of them, at most. */
const LINGER_MS = 100

/**
 * Makes calls together as a database commits transactions in groups: one at a time is under way, and what is asked for meanwhile goes
 * out with the next. A call that nobody asks for another one beside is made alone and at once.
 */
export function createBatches<Input, Output>({ maxItems, one, many, mayLinger = () => false }: Deps<Input, Output>) {
  let waiting: Waiting<Input, Output>[] = []
  let isRunning = false
  let goOn: (() => void) | undefined

  async function run(): Promise<void> {
    isRunning = true
    // What is asked for in the same turn goes with the first.
    await new Promise(resolve => setTimeout(resolve))
    while (waiting.length > 0) {
      if (waiting.length < maxItems && mayLinger()) await linger()
      const batch = waiting.slice(0, maxItems)
      waiting = waiting.slice(maxItems)
      await make(batch.filter(({ signal }) => !signal?.aborted))
    }
    isRunning = false
  }

  function linger(): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, LINGER_MS)
      goOn = () => {
        if (waiting.length < maxItems && mayLinger()) return
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function make(batch: Waiting<Input, Output>[]): Promise<void> {
    const answers = batch.length > 1 ? await together(batch) : null
    if (answers) {
      for (const [at, answer] of answers.entries()) {
        if (answer.status === 'fulfilled') batch[at]?.resolve(answer.value)
        else batch[at]?.reject(answer.reason)
      }
    } else {
      await Promise.all(batch.map(({ input, signal, resolve, reject }) => one(input, signal).then(resolve, reject)))
    }
  }

  async function together(batch: Waiting<Input, Output>[]): Promise<PromiseSettledResult<Output>[] | null> {
    const call = new AbortController()
    const stop = () => {
      // The others still want their answers.
      if (batch.every(({ signal }) => signal?.aborted)) call.abort()
    }
    for (const { signal } of batch) signal?.addEventListener('abort', stop)
    try {
      return await many(
        batch.map(({ input }) => input),
        call.signal,
      )
    } catch (reason) {
      return batch.map(() => ({ status: 'rejected', reason }))
    } finally {
      for (const { signal } of batch) signal?.removeEventListener('abort', stop)
    }
  }

  /** @throws what the call fails with, or the signal's reason at once when it is aborted */
  return (input: Input, signal?: AbortSignal): Promise<Output> =>
    new Promise<Output>((resolve, reject) => {
      const abort = () => reject(signal?.reason)
      if (signal?.aborted) return abort()
      signal?.addEventListener('abort', abort, { once: true })
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          signal?.removeEventListener('abort', abort)
          settle(value)
        }
      waiting.push({ input, signal, resolve: settled(resolve), reject: settled(reject) })
      if (isRunning) goOn?.()
      else void run()
    })
}
