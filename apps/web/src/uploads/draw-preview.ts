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
  if (signal.aborted || file.size === 0 || file.size > MAX_PREVIEW_BYTES || !file.type.startsWith('image/')) return
  // Not every image that the service takes can be decoded here; then there is simply no preview yet.
  const bitmap = await createImageBitmap(file, { resizeHeight: PREVIEW_HEIGHT, resizeQuality: 'medium' }).catch(
    () => null,
  )
  const target = canvas()
  if (bitmap && target && !signal.aborted) {
    target.width = bitmap.width
    target.height = bitmap.height
    target.getContext('2d')?.drawImage(bitmap, 0, 0)
  }
  bitmap?.close()
}
