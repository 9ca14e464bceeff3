/** A size, in pixels of an image. */
export interface Size {
  width: number
  height: number
}

/** A part of an image, in its pixels. */
export interface CropArea extends Size {
  left: number
  top: number
}

/** Which edges follow a handle: -1 is the left or the upper one, 1 the right or the lower one, 0 neither. */
export interface Handle {
  x: -1 | 0 | 1
  y: -1 | 0 | 1
}

/** Fewer pixels than this on a side are a slip of the hand. */
export const MIN_SIDE_PX = 16

/** Returns the largest part of these proportions in the middle of an image; all of it where they are free. */
export function largestArea(image: Size, aspect: number | null): CropArea {
  if (aspect === null) return { left: 0, top: 0, ...image }
  const width = Math.min(image.width, image.height * aspect)
  const height = width / aspect
  return { left: (image.width - width) / 2, top: (image.height - height) / 2, width, height }
}

/** Moves a part, no further than to the edges. */
export const movedArea = (area: CropArea, dx: number, dy: number, image: Size): CropArea => ({
  ...area,
  left: clamp(area.left + dx, 0, image.width - area.width),
  top: clamp(area.top + dy, 0, image.height - area.height),
})

/** Moves the edges of a handle; the opposite edges stay, and the proportions too, where they are fixed. */
export function resizedArea(
  area: CropArea,
  handle: Handle,
  { dx, dy }: { dx: number; dy: number },
  { image, aspect }: { image: Size; aspect: number | null },
): CropArea {
  const room = {
    width: handle.x < 0 ? area.left + area.width : image.width - area.left,
    height: handle.y < 0 ? area.top + area.height : image.height - area.top,
  }
  const wanted = { width: area.width + handle.x * dx, height: area.height + handle.y * dy }
  const size = aspect === null ? freeSize(wanted, room) : fixedSize(wanted, room, aspect, handle)
  return {
    left: handle.x < 0 ? area.left + area.width - size.width : area.left,
    top: handle.y < 0 ? area.top + area.height - size.height : area.top,
    ...size,
  }
}

const freeSize = (wanted: Size, room: Size): Size => ({
  width: clamp(wanted.width, Math.min(MIN_SIDE_PX, room.width), room.width),
  height: clamp(wanted.height, Math.min(MIN_SIDE_PX, room.height), room.height),
})

function fixedSize(wanted: Size, room: Size, aspect: number, { x, y }: Handle): Size {
  // Of a corner the side counts that was moved further.
  const byWidth = y === 0 || (x !== 0 && wanted.width / aspect > wanted.height)
  const width = byWidth ? wanted.width : wanted.height * aspect
  const most = Math.min(room.width, room.height * aspect)
  const least = Math.min(most, MIN_SIDE_PX * Math.max(1, aspect))
  const kept = clamp(width, least, most)
  return { width: kept, height: kept / aspect }
}

/** Makes a part larger or smaller around its middle; it keeps its proportions and stays inside of the image. */
export function scaledArea(area: CropArea, factor: number, image: Size): CropArea {
  const most = Math.min(image.width / area.width, image.height / area.height)
  const least = Math.min(1, MIN_SIDE_PX / Math.min(area.width, area.height))
  const by = clamp(factor, least, most)
  const size = { width: area.width * by, height: area.height * by }
  const left = area.left + (area.width - size.width) / 2
  const top = area.top + (area.height - size.height) / 2
  return movedArea({ left, top, ...size }, 0, 0, image)
}

/** Returns the size of an image after a quarter turn. */
export const turnedSize = ({ width, height }: Size): Size => ({ width: height, height: width })

/** Returns the part that shows the same after the image was turned a quarter clockwise. */
export const turnedArea = ({ left, top, width, height }: CropArea, image: Size): CropArea => ({
  left: image.height - top - height,
  top: left,
  width: height,
  height: width,
})

/** Returns whole pixels, at least one of them, and none outside. */
export function wholePixels({ left, top, width, height }: CropArea, image: Size): CropArea {
  const x = clamp(Math.round(left), 0, image.width - 1)
  const y = clamp(Math.round(top), 0, image.height - 1)
  return {
    left: x,
    top: y,
    width: clamp(Math.round(width), 1, image.width - x),
    height: clamp(Math.round(height), 1, image.height - y),
  }
}

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value))
