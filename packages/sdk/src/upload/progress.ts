import type { DarkroomError } from '../errors.ts'
import type { Put } from './put.ts'
import { createSpeed } from './speed.ts'
import type { UploadPhase, UploadProgress } from './upload-types.ts'

/** Bytes are quiet for a moment now and then, between parts for example. */
const STALLED_MS = 2500

/** Tells how an upload goes on, with its speed and what holds it up. */
export function createProgress(totalBytes: number, onProgress: ((progress: UploadProgress) => void) | undefined) {
  const speed = createSpeed()
  let progress: UploadProgress = {
    phase: 'presigning',
    uploadId: null,
    assetId: null,
    token: null,
    sentBytes: 0,
    totalBytes,
    bytesPerSecond: null,
    secondsLeft: null,
    isStalled: false,
    interruption: null,
  }
  let transfers = 0
  let stall: ReturnType<typeof setTimeout> | undefined
  const tell = (change: Partial<UploadProgress>) => {
    progress = { ...progress, ...change }
    onProgress?.(progress)
  }

  /** Begins to wait for the next byte, where one is to come: once all is sent it is the store that takes its time. */
  function awaitByte(): void {
    clearTimeout(stall)
    if (transfers > 0 && progress.sentBytes < totalBytes) {
      stall = setTimeout(() => tell({ isStalled: true, bytesPerSecond: null, secondsLeft: null }), STALLED_MS)
    }
  }

  return {
    enter: (phase: UploadPhase, ids: Partial<Pick<UploadProgress, 'uploadId' | 'assetId' | 'token'>> = {}) =>
      tell({ phase, interruption: null, ...ids }),
    sent(sentBytes: number): void {
      const bytesPerSecond = speed(sentBytes)
      const secondsLeft = bytesPerSecond ? (totalBytes - sentBytes) / bytesPerSecond : null
      tell({ sentBytes, bytesPerSecond, secondsLeft, isStalled: false, interruption: null })
      awaitByte()
    },
    /** Nothing is interrupted while another part of the file moves. */
    interrupted(interruption: DarkroomError | null): void {
      if (transfers === 0 && interruption !== progress.interruption) tell({ interruption, isStalled: false })
    },
    watched:
      (put: Put): Put =>
      async request => {
        transfers += 1
        awaitByte()
        try {
          return await put(request)
        } finally {
          transfers -= 1
          awaitByte()
        }
      },
  }
}
