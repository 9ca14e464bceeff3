import { decodeThumbhash } from '../assets/thumbhash.ts'

/** Draws a thumbhash of a few bytes as a blurred image. */
export function ThumbhashCanvas({ hash }: { hash: string }) {
  function paint(canvas: HTMLCanvasElement | null): void {
    const pixels = decodeThumbhash(hash)
    if (!canvas || !pixels) return
    canvas.width = pixels.width
    canvas.height = pixels.height
    canvas.getContext('2d')?.putImageData(new ImageData(pixels.rgba, pixels.width, pixels.height), 0, 0)
  }
  return <canvas ref={paint} width="1" height="1" className="absolute inset-0 size-full object-cover" />
}
