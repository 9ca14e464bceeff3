/** What a file may cost. Every limit names the variable that raises it in the error it causes. */
export interface Limits {
  /** Width × height of one frame; for an animation width × height × frames as well. */
  maxPixels: number
  /** Frames of an animation, pages of a TIFF. */
  maxFrames: number
  /** Width or height, in pixels. */
  maxDimension: number
  /** Wall time of one call to a child. */
  timeoutMs: number
  /** Resident memory of a child, in bytes; one that grows past it is killed. */
  maxRssBytes: number
}
