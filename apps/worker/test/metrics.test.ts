import { freePort } from '@darkroom/testing'
import { beforeAll, expect, it } from 'vitest'
import { PHOTO, untilStatus, uploaded, useBed } from './harness.ts'

const bed = useBed()
let port: number
beforeAll(async () => {
  port = await freePort()
  await bed.startWorker({ WORKER_METRICS_PORT: String(port) })
})

const DOWNLOAD = { method: 'GET', key: 'uploads/' }

const scrape = async (path = '/metrics') => fetch(`http://127.0.0.1:${port}${path}`)
const text = async () => (await scrape()).text()

it('shows how a photo was processed: run, stages, store and media process', async () => {
  const { asset } = await uploaded(bed, PHOTO)
  await untilStatus(bed, asset.id, 'ready')
  // Counted after the commit that makes the asset ready.
  await expect
    .poll(text)
    .toMatch(/^darkroom_run_duration_seconds_count\{queue="image",job="asset\.process",outcome="done"\} [1-9]/m)
  const metrics = await text()
  for (const stage of ['download', 'media', 'publish']) {
    expect(metrics).toContain(`darkroom_stage_duration_seconds_count{queue="image",stage="${stage}"} `)
  }
  expect(metrics).toMatch(/^darkroom_store_request_duration_seconds_count\{operation="PutObject",result="ok"\} [1-9]/m)
  expect(metrics).toMatch(/^darkroom_store_request_duration_seconds_count\{operation="GetObject",result="ok"\} [1-9]/m)
  expect(metrics).toMatch(/^darkroom_media_process_starts_total [1-9]/m)
  expect(metrics).toMatch(/^darkroom_media_peak_memory_bytes_sum\{queue="image"\} [1-9]\d{7,}$/m)
  expect(metrics).toMatch(/^process_resident_memory_bytes [1-9]/m)
  expect(metrics).not.toContain(asset.id)
  expect(metrics).not.toContain(bed.projectId)
})

it('serves nothing else', async () => {
  const answer = await scrape()
  expect(answer.headers.get('content-type')).toContain('text/plain')
  await answer.body?.cancel()
  const other = await scrape('/')
  expect(other.status).toBe(404)
  await other.body?.cancel()
})

it('counts requests that the store refuses, and that they are tried again', async () => {
  bed.b2.faults.set({ kind: 'slow-down', match: DOWNLOAD, times: 1 })
  const { asset } = await uploaded(bed, PHOTO)
  await untilStatus(bed, asset.id, 'ready')
  await expect.poll(text).toMatch(/^darkroom_store_retries_total\{result="503"\} [1-9]/m)
})

it('a port that is taken keeps a second worker from starting, and says which variable to change', async () => {
  await expect(bed.startWorker({ WORKER_METRICS_PORT: String(port) })).rejects.toThrow(
    /WORKER_METRICS_PORT: expected a free port of this machine \(listen EADDRINUSE/,
  )
})
