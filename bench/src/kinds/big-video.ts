import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Asset } from '@darkroom/contracts'
import type { DarkroomClient } from '../darkroom/contract.ts'
import { sendInParts } from '../darkroom/send-in-parts.ts'
import { sampleTree } from '../measure/process-tree.ts'
import { watchProcesses } from '../measure/process-watch.ts'
import { say } from '../progress.ts'
import { ffmpeg } from './bare/run-ffmpeg.ts'
import { startTwoWorkers } from './two-workers.ts'

/** A video of more than 2 GB on its whole way: sent in parts, fetched, checked, made into everything, published. */
export interface BigVideo {
  bytes: number
  durationSec: number
  /** Confirm to settled. */
  seconds: number
  status: Asset['status']
  /** The worker that has the video: what it held before anything was sent, and the most that it ever held. */
  worker: Memory
  /** API, embedded store and a worker for all else, in one process. */
  main: Memory
  /** The most that the worker's media processes held together. */
  mediaPeakBytes: number
}

interface Memory {
  idleBytes: number
  peakBytes: number
}

/** More than a signed number of 32 bits can count. */
const WANTED_BYTES = 2 ** 31 + 1
const CHUNK_SEC = 4
const GIVE_UP_MS = 90 * 60_000

export async function measureBigVideo(tempDir: string, running: AsyncDisposableStack): Promise<BigVideo> {
  const file = join(tempDir, 'big.mov')
  const durationSec = await generateBigVideo(tempDir, file)
  const { size: bytes } = await stat(file)
  say(`a video of ${(bytes / 1e9).toFixed(2)} GB and ${durationSec} s`)
  const { client, main, worker } = await startTwoWorkers(join(tempDir, 'big'), running)
  const idle = { worker: residentBytes(worker), main: residentBytes(main) }

  const watches = { worker: watchProcesses([worker]), main: watchProcesses([main]) }
  const declared = { name: basename(file), contentType: 'video/quicktime', byteSize: bytes }
  const sent = await sendInParts(client, declared, file)
  say('sent in parts')
  const confirmedMs = performance.now()
  await client.confirm(sent)
  const asset = await untilSettled(client, sent.assetId)
  const seconds = (performance.now() - confirmedMs) / 1000
  const memory = { worker: watches.worker.stop(), main: watches.main.stop() }
  if (asset.status !== 'ready') throw new Error(`the video is ${asset.status}: ${JSON.stringify(asset.error)}`)
  return {
    bytes,
    durationSec,
    seconds,
    status: asset.status,
    worker: { idleBytes: idle.worker, peakBytes: memory.worker.main?.peakOneBytes ?? 0 },
    main: { idleBytes: idle.main, peakBytes: memory.main.main?.peakOneBytes ?? 0 },
    mediaPeakBytes: memory.worker.media?.peakSumBytes ?? 0,
  }
}

/**
 * Generates a video by repeating noise in a codec that cannot compress it: large, quickly made, and short enough to be
 * encoded.
 */
async function generateBigVideo(tempDir: string, file: string): Promise<number> {
  const chunk = join(tempDir, 'chunk.mov')
  const videoInput = `testsrc2=s=1920x1080:r=25:d=${CHUNK_SEC},noise=alls=60:allf=t+u`
  const audio = `sine=d=${CHUNK_SEC}:r=48000`
  const encoder = ['-c:v', 'mjpeg', '-qmin', '1', '-q:v', '1', '-pix_fmt', 'yuvj420p', '-c:a', 'pcm_s16le']
  await ffmpeg('-f', 'lavfi', '-i', videoInput, '-f', 'lavfi', '-i', audio, ...encoder, chunk)
  const { size } = await stat(chunk)
  const times = Math.ceil(WANTED_BYTES / size)
  await ffmpeg('-stream_loop', String(times - 1), '-i', chunk, '-c', 'copy', file)
  return times * CHUNK_SEC
}

async function untilSettled(client: DarkroomClient, id: string): Promise<Asset> {
  const deadlineMs = Date.now() + GIVE_UP_MS
  while (Date.now() < deadlineMs) {
    const asset = await client.waitFor(id)
    if (asset.status !== 'processing') return asset
    say(`${((asset.job?.progress ?? 0) * 100).toFixed(0)} % ${asset.job?.stage ?? ''}`)
  }
  throw new Error(`asset ${id} was not ready in time`)
}

function residentBytes(pid: number): number {
  const main = sampleTree(pid).find(({ role }) => role === 'main')
  return main ? main.anonBytes + main.fileBytes + main.shmemBytes : 0
}
