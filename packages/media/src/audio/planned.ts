import type { AudioTrackSpec, WaveformSpec } from '@darkroom/contracts'
import type { PlannedChapters } from '../chapters/planned.ts'
import type { PlannedRaster } from '../image/planned.ts'
import type { PlannedFile } from '../planned.ts'

export interface PlannedAudioTrack
  extends PlannedFile,
    Pick<AudioTrackSpec, 'codec' | 'bitrateKbps' | 'channels' | 'loudness'> {
  type: 'sound'
}

export interface PlannedPeaks extends PlannedFile {
  type: 'peaks'
  points: number
}

export interface PlannedWaveform extends PlannedFile, Pick<WaveformSpec, 'format' | 'color' | 'background'> {
  type: 'waveform'
  width: number
  height: number
}

export interface PlannedCover extends PlannedRaster {
  type: 'cover'
}

export type PlannedAudio = PlannedAudioTrack | PlannedPeaks | PlannedWaveform | PlannedCover | PlannedChapters
