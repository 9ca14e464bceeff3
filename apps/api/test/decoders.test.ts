import type { MediaKind, QueueName } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { registerWorker, removeWorker } from '@darkroom/db/jobs'
import { expect, it, vi } from 'vitest'
import { newUpload, problemOf } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

interface Served {
  queues: QueueName[]
  lacks: MediaKind[]
}

/** A worker that has just been heard of. */
async function workerWith(served: Served): Promise<string> {
  const id = newId()
  await registerWorker(api.deps.database.db, { id, host: 'a', version: '1', slots: 1, ...served })
  return id
}

/** The API asks what workers can do at most every two seconds. */
const decoders = (expected: Record<string, boolean>) =>
  vi.waitFor(async () => expect((await api.call('GET', '/v1/status')).json()).toMatchObject({ decoders: expected }), {
    timeout: 10_000,
    interval: 200,
  })

const ask = (contentType: string) => api.call('POST', '/v1/uploads', { body: newUpload({ contentType }) })

it('refuses video and audio at the first call where no worker has ffmpeg, says why, and takes all else', async () => {
  const without = await workerWith({ queues: ['image', 'document', 'system'], lacks: ['video', 'audio'] })
  await decoders({ image: true, document: true, video: false, audio: false })
  for (const contentType of ['video/mp4', 'audio/mpeg']) {
    const refused = await ask(contentType)
    expect(problemOf(refused)).toBe('415 DECODER_UNAVAILABLE')
    expect(refused.json()).toMatchObject({ detail: expect.stringContaining('ffmpeg') })
  }
  for (const contentType of ['image/jpeg', 'application/pdf']) expect((await ask(contentType)).statusCode).toBe(201)
  const { accepts } = (await api.call('GET', '/v1/status')).json<{ accepts: string[] }>()
  expect(accepts.filter(type => /^(video|audio)\//.test(type))).toEqual([])

  const withFfmpeg = await workerWith({ queues: ['video', 'audio'], lacks: [] })
  await decoders({ image: true, document: true, video: true, audio: true })
  expect((await ask('video/mp4')).statusCode).toBe(201)
  await Promise.all([without, withFfmpeg].map(id => removeWorker(api.deps.database.db, id)))
})
