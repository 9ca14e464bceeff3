import { describe, expect, it } from 'vitest'
import { StartupError } from './config.ts'
import { type Dependency, waitFor } from './wait-for.ts'

const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' })

function dependency(...errors: Error[]): Dependency {
  const left = [...errors]
  return {
    name: 'Postgres',
    advice: 'Start it',
    variable: 'DATABASE_URL',
    place: '10.0.0.1:5432',
    async probe() {
      const error = left.shift()
      if (error) throw error
    },
    isTransient: error => error instanceof Error && (error === refused || error.cause === refused),
  }
}

function waiting(maxWaitMs = 20_000, signal = AbortSignal.timeout(30_000)) {
  const said: string[] = []
  return { said, options: { maxWaitMs, signal, say: (text: string) => said.push(text) } }
}

const always = (error: Error) => Array.from({ length: 100 }, () => error)

describe('waitFor', () => {
  it('says nothing when all is there', async () => {
    const { said, options } = waiting()
    await waitFor(dependency(), options)
    expect(said).toEqual([])
  })

  it('says once and at once that it waits, and when that is over', async () => {
    const { said, options } = waiting()
    await waitFor(dependency(refused, refused, refused), options)
    expect(said).toEqual([
      'waiting for Postgres at 10.0.0.1:5432, at most 20 s (connect ECONNREFUSED 10.0.0.1:5432)',
      'Postgres at 10.0.0.1:5432 is available',
    ])
  })

  it('gives up with one line that names the variable', async () => {
    const { said, options } = waiting(600)
    await expect(waitFor(dependency(...always(refused)), options)).rejects.toMatchObject({
      faults: [
        'DATABASE_URL: Postgres at 10.0.0.1:5432 was not available within 0.6 s (connect ECONNREFUSED 10.0.0.1:5432). Start it',
      ],
    })
    expect(said).toHaveLength(1)
  })

  it('passes on what says itself what to do', async () => {
    const { said, options } = waiting()
    const wrong = new StartupError('Set DATABASE_URL to an empty database.')
    await expect(waitFor(dependency(wrong), options)).rejects.toBe(wrong)
    expect(said).toEqual([])
  })

  it('does not wait for what a person has to put right, and shows no password', async () => {
    const { said, options } = waiting()
    const wrong = new Error('failed', { cause: new Error('postgres://me:hunter2@db: no such\ndatabase') })
    await expect(waitFor(dependency(wrong), options)).rejects.toMatchObject({
      faults: [
        'DATABASE_URL: Postgres at 10.0.0.1:5432 cannot be used (postgres://me:[redacted]@db: no such database). Start it',
      ],
    })
    expect(said).toEqual([])
  })

  it('names the first of several addresses that failed', async () => {
    const { options } = waiting(300)
    const both = new AggregateError([refused, new Error('connect ECONNREFUSED ::1:5432')], '')
    const each = { ...dependency(...always(both)), isTransient: () => true }
    await expect(waitFor(each, options)).rejects.toThrow('(connect ECONNREFUSED 10.0.0.1:5432)')
  })

  it('stops waiting when it is told to', async () => {
    const controller = new AbortController()
    const { options } = waiting(20_000, controller.signal)
    setTimeout(() => controller.abort(new Error('stopped')), 50)
    await expect(waitFor(dependency(...always(refused)), options)).rejects.toThrow('stopped')
  })
})
