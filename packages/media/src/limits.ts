import type { MediaConfig } from './config.ts'

/** What a file may cost. The error that a limit causes names its variable; that of a time limit, in what admins are told. */
export interface Limits {
  /** Width × height of one frame; for an animation width × height × frames as well. */
  maxPixels: number
  /** Frames of an animation, pages of a TIFF. */
  maxFrames: number
  /** Width or height, in pixels. */
  maxDimension: number
  /** Pages of a document. */
  maxPages: number
  /** Length of a video or an audio file. */
  maxDurationMs: number
  /** Tracks of a video or an audio file. */
  maxStreams: number
  /** Wall time of one call to a child that works on an image or a document. */
  timeoutMs: number
  /** Wall time of one call to a child that works on a video or an audio file. */
  maxTranscodeMs: number
  /** Resident memory of a child and what it started, in bytes; one that grows past it is killed. */
  maxRssBytes: number
  /** Size of one file that a child writes, in bytes. */
  maxOutputBytes: number
  /** Whether SVG files are decoded at all. */
  acceptsSvg: boolean
}

/** What each limit is set by. */
export const LIMIT_VARIABLES = {
  maxPixels: 'MAX_IMAGE_PIXELS',
  maxFrames: 'MAX_ANIMATION_FRAMES',
  maxDimension: 'MAX_IMAGE_DIMENSION',
  maxPages: 'MAX_DOCUMENT_PAGES',
  maxDurationMs: 'MAX_DURATION_SEC',
  maxStreams: 'MAX_STREAMS',
  timeoutMs: 'JOB_TIMEOUT_SEC',
  maxTranscodeMs: 'TRANSCODE_TIMEOUT_SEC',
  maxRssBytes: 'MAX_MEDIA_MEMORY_MB',
  maxOutputBytes: 'MAX_OUTPUT_MB',
  acceptsSvg: 'ACCEPT_SVG',
} as const satisfies Record<keyof Limits, keyof MediaConfig | 'ACCEPT_SVG'>
