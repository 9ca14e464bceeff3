import { DarkroomError } from '@darkroom/sdk'
import { expect, it } from 'vitest'
import { createPatientSending } from './patient-sending.ts'

const { signal } = new AbortController()
const busyFor = (retryAfter: number) =>
  new DarkroomError({ code: 'RATE_LIMITED', message: 'Later.', status: 429, retryAfter })

it('waits as long as it is asked to', async () => {
  const answers = [busyFor(0.01), busyFor(0)]
  const work = async () => {
    const error = answers.shift()
    if (error) throw error
    return 'done'
  }
  expect(await createPatientSending(signal)(work)).toBe('done')
})

it.each([
  // More than a timer can hold, which would fire at once.
  ['who asks for more than ten minutes', busyFor(3_000_000)],
  ['what will be refused again', new DarkroomError({ code: 'NOT_FOUND', message: 'Gone.', status: 404 })],
])('reports at once %s', async (_name, error) => {
  let tries = 0
  const work = async () => {
    tries += 1
    throw error
  }
  await expect(createPatientSending(signal)(work)).rejects.toBe(error)
  expect(tries).toBe(1)
})
