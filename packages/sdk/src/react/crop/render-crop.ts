import { type CropArea, type Size, turnedSize } from './crop-area.ts'
import type { Rotation } from './crop-state.ts'

const QUALITY = 0.92

export interface RenderOptions {
  /** Of the longer side; a larger crop is shrunk. */
  maxSide: number
  type: string
  name: string
}

/** Draws the part of an image that is turned, and writes it as a file. Metadata such as the place where it was taken is not in it. */
export async function renderCrop(
  image: HTMLImageElement,
  area: CropArea,
  rotation: Rotation,
  { maxSide, type, name }: RenderOptions,
): Promise<File> {
  const factor = Math.min(1, maxSide / Math.max(area.width, area.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(area.width * factor))
  canvas.height = Math.max(1, Math.round(area.height * factor))
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser gives no canvas.')
  context.imageSmoothingQuality = 'high'
  if (type === 'image/jpeg') {
    // JPEG has no transparency, and would be black there.
    context.fillStyle = '#fff'
    context.fillRect(0, 0, canvas.width, canvas.height)
  }
  const upright = { width: image.naturalWidth, height: image.naturalHeight }
  const turned = rotation % 180 === 0 ? upright : turnedSize(upright)
  context.scale(canvas.width / area.width, canvas.height / area.height)
  context.translate(-area.left, -area.top)
  turn(context, rotation, turned)
  context.drawImage(image, 0, 0)
  const blob = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, type, QUALITY))
  if (!blob) throw new Error('The part is too large for this browser.')
  // A browser that cannot write a type writes PNG.
  return new File([blob], nameFor(name, blob.type), { type: blob.type })
}

function turn(context: CanvasRenderingContext2D, rotation: Rotation, { width, height }: Size): void {
  if (rotation === 90) context.translate(width, 0)
  if (rotation === 180) context.translate(width, height)
  if (rotation === 270) context.translate(0, height)
  context.rotate((rotation * Math.PI) / 180)
}

const EXTENSIONS: Record<string, string> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp' }

/** Returns the type in which a part is written: that of the source where a browser can, PNG where there may be transparency. */
export const outputType = (source: string): string =>
  ({ 'image/png': 'image/png', 'image/webp': 'image/webp', 'image/gif': 'image/png', 'image/svg+xml': 'image/png' })[
    source
  ] ?? 'image/jpeg'

const nameFor = (name: string, type: string): string =>
  `${name.replace(/\.\w{1,5}$/, '') || 'image'}.${EXTENSIONS[type] ?? 'png'}`
