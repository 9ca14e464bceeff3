import {
  type AudioTrackSpec,
  type CoverSpec,
  IMAGE_FORMATS,
  type PeaksSpec,
  type WaveformSpec,
  WRITTEN_AUDIO_TYPES,
} from '@darkroom/contracts'

import { planChapters } from '../chapters/plan.ts'

import type { AudioFacts } from '../facts.ts'
import { fileType } from '../formats.ts'
import { planRaster } from '../image/plan.ts'
import type { PlanSpec } from '../plan.ts'
import type { PlannedAudio, PlannedAudioTrack, PlannedCover, PlannedPeaks, PlannedWaveform } from './planned.ts'

type Spec = Parameters<PlanSpec<'audio'>>[1]
type SpecOf<Type extends Spec['type']> = Extract<Spec, { type: Type }>

const PLANNERS: { [Type in Spec['type']]: (facts: AudioFacts, spec: SpecOf<Type>) => PlannedAudio[] } = {
  sound: (_facts, spec) => [planAudioTrack(spec)],
  peaks: (_facts, spec) => [planPeaks(spec)],
  waveform: (_facts, spec) => [planWaveform(spec)],
  cover: planCover,
  chapters: planChapters,
}

export const planAudio: PlanSpec<'audio'> = (facts, spec) =>
  (PLANNERS[spec.type] as (facts: AudioFacts, spec: Spec) => PlannedAudio[])(facts, spec)

/** Plans the audio of a recording or of a video. How many channels it gets at most is planned; a mono source stays mono. */
export function planAudioTrack(spec: AudioTrackSpec): PlannedAudioTrack {
  const { type, name, required, codec, bitrateKbps, channels, loudness } = spec
  const how = { codec, bitrateKbps, channels, loudness }
  const fingerprintInput = JSON.stringify([type, how])
  return {
    type,
    name,
    required,
    ...fileType(WRITTEN_AUDIO_TYPES[codec]),
    width: null,
    height: null,
    ...how,
    refersTo: [],
    fingerprintInput,
  }
}

function planPeaks({ type, name, required, points }: PeaksSpec): PlannedPeaks {
  const file = { ...fileType('application/json'), width: null, height: null, refersTo: [] }
  return { type, name, required, ...file, points, fingerprintInput: JSON.stringify([type, points]) }
}

function planWaveform(spec: WaveformSpec): PlannedWaveform {
  const { type, name, required, width, height, format, color, background } = spec
  const { contentType, extension } = IMAGE_FORMATS[format]
  const look = { width, height, format, color, background }
  return {
    type,
    name,
    required,
    contentType,
    extension,
    ...look,
    refersTo: [],
    fingerprintInput: JSON.stringify([type, look]),
  }
}

function planCover({ cover }: AudioFacts, { type, when: _when, ...image }: CoverSpec): PlannedCover[] {
  if (!cover) return []
  const raster = planRaster(cover, image)
  return [{ type, ...raster, fingerprintInput: JSON.stringify([type, raster.fingerprintInput]) }]
}
