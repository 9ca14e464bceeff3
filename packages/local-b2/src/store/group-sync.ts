import { open } from 'node:fs/promises'

export interface GroupSync {
  /** Makes the folder's entries durable; callers that arrive while a sync runs share the next one. */
  sync(): Promise<void>
  close(): Promise<void>
}

export async function openGroupSync(folder: string): Promise<GroupSync> {
  const handle = await open(folder, 'r')
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  function start(): Promise<void> {
    next = undefined
    const current: Promise<void> = handle.sync().finally(() => {
      if (running === current) running = undefined
    })
    running = current
    return current
  }

  return {
    sync() {
      if (!running) return start()
      next ??= running.then(start, start)
      return next
    },
    close: () => handle.close(),
  }
}
