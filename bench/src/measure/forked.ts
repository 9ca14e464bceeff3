import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** A child process of the benchmark's own that answers one message with one message. It ends with its parent. */
export interface Forked {
  pid: number
  ask(message: object): Promise<unknown>
  close(): Promise<void>
}

/** Resolves with the child and the first thing it says. */
export async function startForked(entry: URL, args: string[] = []): Promise<{ forked: Forked; greeting: unknown }> {
  const child = fork(entry, args, { execArgv: ['--no-warnings'], serialization: 'json' })
  const { promise: ended, reject } = Promise.withResolvers<never>()
  ended.catch(() => undefined)
  child.once('error', reject)
  child.once('exit', code => reject(new Error(`${entry.pathname} ended with ${code}`)))
  const heard = (test: (message: unknown) => boolean) => Promise.race([ended, hear(child, test)])

  const greeting = await heard(() => true)
  let lastId = 0
  const forked: Forked = {
    pid: child.pid ?? 0,
    async ask(message) {
      const id = ++lastId
      const answer = heard(said => isAnswerTo(id, said))
      child.send({ id, ...message })
      const { error, value } = (await answer) as { error?: string; value?: unknown }
      if (error !== undefined) throw new Error(error)
      return value
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
  return { forked, greeting }
}

const isAnswerTo = (id: number, said: unknown): boolean =>
  typeof said === 'object' && said !== null && 'id' in said && said.id === id

function hear(child: ChildProcess, test: (message: unknown) => boolean): Promise<unknown> {
  return new Promise(resolve => {
    const listen = (message: unknown) => {
      if (!test(message)) return
      child.off('message', listen)
      resolve(message)
    }
    child.on('message', listen)
  })
}

/**
 * Serves the messages of the parent process: greets, then answers each message with what `answer` returns or throws.
 */
export function answerParent<Message>(greeting: object, answer: (message: Message) => Promise<unknown>): void {
  process.on('disconnect', () => process.exit(0))
  process.on('message', async (message: Message & { id: number }) => {
    const { id } = message
    try {
      process.send?.({ id, value: await answer(message) })
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  process.send?.(greeting)
}
