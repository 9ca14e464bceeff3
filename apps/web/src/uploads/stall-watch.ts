import type { UploadStore } from './upload-store.ts'

const LOOK_EVERY_MS = 1000
/** Sending is quiet for a moment now and then, between parts and at the end. */
const QUIET_MS = 2500

interface StallWatchDeps {
  uploads: UploadStore
  /** Told once of each stall: the connection may be gone. */
  onStall: () => void
  now?: () => number
}

/** Marks files of which no byte moves any more, which no browser tells of. */
export function createStallWatch({ uploads, onStall, now = () => performance.now() }: StallWatchDeps) {
  const moved = new Map<string, { sentBytes: number; atMs: number }>()

  function look(): void {
    const sending = uploads.all().filter(({ phase }) => phase === 'sending')
    for (const id of moved.keys()) if (!sending.some(item => item.id === id)) moved.delete(id)
    const stalled = sending.filter(({ id, sentBytes, isStalled, byteSize }) => {
      const last = moved.get(id)
      if (last?.sentBytes !== sentBytes) moved.set(id, { sentBytes, atMs: now() })
      // Once all is sent it is the store that takes its time.
      return last?.sentBytes === sentBytes && sentBytes < byteSize && !isStalled && now() - last.atMs >= QUIET_MS
    })
    for (const { id } of stalled) uploads.apply(id, { type: 'stalled' })
    if (stalled.length > 0) onStall()
  }

  return {
    look,
    /** Looks every second; returns how to stop. */
    start(): () => void {
      const timer = setInterval(look, LOOK_EVERY_MS)
      return () => clearInterval(timer)
    },
  }
}
