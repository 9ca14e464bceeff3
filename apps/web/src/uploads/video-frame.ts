/** Something that can be drawn. */
export interface Picture {
  source: CanvasImageSource
  width: number
  height: number
  /** Lets go of its memory. */
  close: () => void
}

/** Into the video: many begin in black. */
const AT_SEC = 1
const GIVE_UP_AFTER_MS = 4000

/** Returns a frame of a video on this machine, before a byte of it was sent; null where the browser cannot play it. */
export async function frameOf(file: File, signal: AbortSignal): Promise<Picture | null> {
  const video = document.createElement('video')
  const url = URL.createObjectURL(file)
  const close = () => {
    video.removeAttribute('src')
    video.load()
    URL.revokeObjectURL(url)
  }
  video.muted = true
  video.playsInline = true
  video.preload = 'auto'
  const stop = AbortSignal.any([signal, AbortSignal.timeout(GIVE_UP_AFTER_MS)])
  const happened = (name: string) =>
    new Promise<void>((resolve, reject) => {
      video.addEventListener(name, () => resolve(), { once: true, signal: stop })
      video.addEventListener('error', () => reject(new Error('The browser cannot play it.')), {
        once: true,
        signal: stop,
      })
      stop.addEventListener('abort', () => reject(stop.reason), { once: true })
    })
  try {
    const loaded = happened('loadeddata')
    video.src = url
    await loaded
    const sought = happened('seeked')
    video.currentTime = Math.min(AT_SEC, video.duration / 2 || 0)
    await sought
    return { source: video, width: video.videoWidth, height: video.videoHeight, close }
  } catch {
    close()
    return null
  }
}
