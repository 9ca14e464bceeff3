import { createSpeed } from './speed.ts'
import type { UploadPhase, UploadProgress } from './upload-types.ts'

/** Tells how an upload goes on, with its speed. */
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
  }
  const tell = (change: Partial<UploadProgress>) => {
    progress = { ...progress, ...change }
    onProgress?.(progress)
  }
  return {
    enter: (phase: UploadPhase, ids: Partial<Pick<UploadProgress, 'uploadId' | 'assetId' | 'token'>> = {}) =>
      tell({ phase, ...ids }),
    sent(sentBytes: number): void {
      const bytesPerSecond = speed(sentBytes)
      const secondsLeft = bytesPerSecond ? (totalBytes - sentBytes) / bytesPerSecond : null
      tell({ sentBytes, bytesPerSecond, secondsLeft })
    },
  }
}
