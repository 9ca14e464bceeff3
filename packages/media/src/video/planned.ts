import type { PosterSpec, PreviewSpec, StoryboardSpec } from '@darkroom/contracts'
import type { PlannedRaster } from '../image/planned.ts'
import type { Size } from '../plan/geometry.ts'
import type { PlannedFile } from '../planned.ts'

export interface PlannedPoster extends PlannedRaster {
  type: 'poster'
  at: PosterSpec['at']
}

export interface PlannedPreview extends PlannedFile, Pick<PreviewSpec, 'format' | 'durationSec' | 'quality'> {
  type: 'preview'
  width: number
  height: number
}

/** The sprite and its WebVTT are two files of one making: `part` says which one this is. */
export interface PlannedStoryboard extends PlannedFile, Pick<StoryboardSpec, 'format' | 'quality'> {
  type: 'storyboard'
  part: 'sprite' | 'vtt'
  frame: Size
  columns: number
  rows: number
  frames: number
}

/** How a video is written: H.264 and AAC. */
export interface VideoEncoding extends Size {
  /** x264's constant quality. */
  crf: number
  /** 0 to 9: x264's presets in their order. */
  effort: number
  /** In kilobits per second, over about a second. */
  maxBitrateKbps: number | null
  /** Frames nearer to each other than this rate are dropped. */
  maxFrameRate: number
  /** On average, at most `maxFrameRate`. */
  frameRate: number
  /** Whether each field of an interlaced video becomes a frame; only then set. */
  isOfFields?: true
  /** Of H.264, times ten. */
  level: number
  /** Null where nothing is to be heard. */
  audioBitrateKbps: number | null
  /** In LUFS; null leaves it as it is. */
  loudness: number | null
}

export interface PlannedRendition extends PlannedFile, VideoEncoding {
  type: 'rendition'
  width: number
  height: number
}

/** The master playlist, or playlist or media of one step of the ladder. */
export interface PlannedHls extends PlannedFile, HlsTiming {
  type: 'hls'
  part: 'master' | 'playlist' | 'media'
  /** The steps that a master lists, or the one step that this file belongs to. */
  steps: readonly HlsStep[]
}

/** The same in all steps of a ladder. */
export interface HlsTiming {
  /** From one cut to the next. */
  segmentSec: number
  /** How long a frame is shown at most before it is repeated; a part of a segment. */
  stillSec: number
}

export interface HlsStep extends VideoEncoding {
  /** Name of the step's playlist variant; its media is `<name>-media`. */
  name: string
  maxBitrateKbps: number
}
