import { frameOf, type Picture } from './video-frame.ts'

const PREVIEW_HEIGHT = 192
/** Larger files take longer to decode than they are worth here. */
const MAX_PREVIEW_BYTES = 40_000_000

let queue: Promise<void> = Promise.resolve()

/** Draws a file small onto a canvas, one file at a time so that a hundred photos are not decoded at once. */
export function drawPreview(file: File, canvas: () => HTMLCanvasElement | null, signal: AbortSignal): Promise<void> {
  queue = queue.then(() => draw(file, canvas, signal))
  return queue
}

async function draw(file: File, canvas: () => HTMLCanvasElement | null, signal: AbortSignal): Promise<void> {
  if (signal.aborted || file.size === 0) return
  const picture = await pictureOf(file, signal)
  const target = canvas()
  if (picture && target && !signal.aborted) {
    const { source, width, height } = picture
    target.width = Math.round((PREVIEW_HEIGHT * width) / height)
    target.height = PREVIEW_HEIGHT
    target.getContext('2d')?.drawImage(source, 0, 0, target.width, target.height)
  }
  picture?.close()
}

/** Not every file that the service takes can be decoded here; then there is simply no preview yet. */
async function pictureOf(file: File, signal: AbortSignal): Promise<Picture | null> {
  if (file.type.startsWith('video/')) return frameOf(file, signal)
  if (file.size > MAX_PREVIEW_BYTES || !file.type.startsWith('image/')) return null
  const options = { resizeHeight: PREVIEW_HEIGHT, resizeQuality: 'medium' } as const
  const source = await createImageBitmap(file, options).catch(() => null)
  return source && { source, width: source.width, height: source.height, close: () => source.close() }
}
