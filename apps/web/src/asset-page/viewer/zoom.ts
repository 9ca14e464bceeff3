/** What of an image is seen: how large, and by how many pixels its middle is away from the middle of the frame. */
export interface Zoom {
  /** 1 shows the whole image. */
  scale: number
  x: number
  y: number
}

interface Size {
  width: number
  height: number
}

interface Point {
  x: number
  y: number
}

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 }
/** Each side of a pixel is then as large as a fingertip, whatever the image. */
const MAX_SCALE = 32

/** Returns the image where it fits into the frame, in pixels of the screen. */
export function fitted(image: Size, frame: Size): Size {
  if (image.width === 0 || image.height === 0) return { width: 0, height: 0 }
  const factor = Math.min(frame.width / image.width, frame.height / image.height)
  return { width: image.width * factor, height: image.height * factor }
}

/**
 * Changes the scale by a factor, so that the point under the pointer stays where it is.
 * @param at from the middle of the frame
 */
export function zoomed(zoom: Zoom, factor: number, at: Point = { x: 0, y: 0 }): Zoom {
  const scale = Math.max(1, Math.min(MAX_SCALE, zoom.scale * factor))
  const by = scale / zoom.scale
  return { scale, x: at.x - (at.x - zoom.x) * by, y: at.y - (at.y - zoom.y) * by }
}

export const moved = (zoom: Zoom, dx: number, dy: number): Zoom => ({ ...zoom, x: zoom.x + dx, y: zoom.y + dy })

/** Keeps the image in the frame: no edge of it comes inside where there is more of it to show. */
export function kept(zoom: Zoom, shown: Size, frame: Size): Zoom {
  const reach = (length: number, room: number) => Math.max(0, (length * zoom.scale - room) / 2)
  const within = (value: number, most: number) => (most === 0 ? 0 : Math.max(-most, Math.min(most, value)))
  return {
    ...zoom,
    x: within(zoom.x, reach(shown.width, frame.width)),
    y: within(zoom.y, reach(shown.height, frame.height)),
  }
}
