import { expect, it } from 'vitest'
import { AppError } from './app-error.ts'
import { ConfigError } from './config.ts'
import { startWithRetry } from './start-with-retry.ts'

const gone = () => new AppError('UNAVAILABLE', 'The queue does not answer.')
const refused = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' })
const isTransient = (error: unknown) => error === refused

/** Fails with each of these in turn, then succeeds. */
function failing(...errors: Error[]) {
  const said: string[] = []
  const left = [...errors]
  let tries = 0
  const start = async () => {
    tries += 1
    const error = left.shift()
    if (error) throw error
    return 'started'
  }
  const run = (signal = AbortSignal.timeout(30_000), maxWaitMs = 20_000) =>
    startWithRetry(start, { isTransient, signal, maxWaitMs, say: text => said.push(text) })
  return { run, said, tries: () => tries }
}

it('tries again while what it stands on is not there, and says so', async () => {
  const { run, said } = failing(gone(), refused)
  expect(await run()).toBe('started')
  expect(said).toEqual([
    expect.stringMatching(/^The queue does not answer\. Retrying in \d\.\d s\.$/),
    expect.stringMatching(/^connect refused Retrying/),
  ])
})

it('throws at once what not fix itself', async () => {
  const { run, said, tries } = failing(new ConfigError(['DATABASE_URL: is missing']))
  await expect(run()).rejects.toThrow('DATABASE_URL')
  expect([tries(), said]).toEqual([1, []])
})

it('gives up in the end, with the last error', async () => {
  const { run } = failing(...Array.from({ length: 50 }, gone))
  await expect(run(AbortSignal.timeout(30_000), 1500)).rejects.toThrow('The queue does not answer.')
})

it('stops waiting when it is told to', async () => {
  const controller = new AbortController()
  const { run } = failing(...Array.from({ length: 50 }, gone))
  setTimeout(() => controller.abort(new Error('stopped')), 100)
  await expect(run(controller.signal)).rejects.toThrow('stopped')
})

it('returns what was started during the stop, so that it can be closed', async () => {
  const controller = new AbortController()
  const start = async () => {
    controller.abort(new Error('stopped'))
    return 'started'
  }
  expect(await startWithRetry(start, { isTransient, signal: controller.signal })).toBe('started')
})
