/** What a file may cost. Every limit names the variable that raises it in the error it causes. */
export interface Limits {
  /** Width × height of one frame; for an animation width × height × frames as well. */
  maxPixels: number
  /** Frames of an animation, pages of a TIFF. */
  maxFrames: number
  /** Width or height, in pixels. */
  maxDimension: number
  /** Pages of a document. */
  maxPages: number
  /** Length of a film or a sound. */
  maxDurationMs: number
  /** Tracks of a film or a sound. */
  maxStreams: number
  /** Wall time of one call to a child that works on a picture or a document. */
  timeoutMs: number
  /** Wall time of one call to a child that works on a film or a sound. */
  maxTranscodeMs: number
  /** Resident memory of a child and what it started, in bytes; one that grows past it is killed. */
  maxRssBytes: number
  /** Size of one file that a child writes, in bytes. */
  maxOutputBytes: number
  /** Whether SVG drawings are decoded at all. */
  acceptsSvg: boolean
}
