import type { PosterSpec, PreviewSpec, RenditionSpec } from '@darkroom/contracts'
import { planAudioTrack } from '../audio/plan.ts'
import { planChapters } from '../chapters/plan.ts'
import type { VideoFacts } from '../facts.ts'
import { type FileType, fileType } from '../formats.ts'
import { planRaster } from '../image/plan.ts'
import type { PlanSpec } from '../plan.ts'
import type { PlannedVariant } from '../planned.ts'
import { planEncoding } from './plan/encoding.ts'
import { planHls } from './plan/hls.ts'
import { planStoryboard } from './plan/storyboard.ts'
import { evenSize } from './plan/video-size.ts'
import type { PlannedPoster, PlannedPreview, PlannedRendition } from './planned.ts'

type Spec = Parameters<PlanSpec<'video'>>[1]
type SpecOf<Type extends Spec['type']> = Extract<Spec, { type: Type }>

const PLANNERS: { [Type in Spec['type']]: (facts: VideoFacts, spec: SpecOf<Type>) => PlannedVariant[] } = {
  poster: (facts, spec) => [planPoster(facts, spec)],
  preview: (facts, spec) => [planPreview(facts, spec)],
  storyboard: planStoryboard,
  rendition: (facts, spec) => [planRendition(facts, spec)],
  hls: planHls,
  sound: (facts, spec) => (facts.hasAudio ? [planAudioTrack(spec)] : []),
  chapters: planChapters,
}

export const planVideo: PlanSpec<'video'> = (facts, spec) =>
  (PLANNERS[spec.type] as (facts: VideoFacts, spec: Spec) => PlannedVariant[])(facts, spec)

function planPoster(facts: VideoFacts, { type, at, when: _when, ...image }: PosterSpec): PlannedPoster {
  const raster = planRaster(facts, image)
  return { type, at, ...raster, fingerprintInput: JSON.stringify([type, at, raster.fingerprintInput]) }
}

const PREVIEW_TYPES = {
  webp: fileType('image/webp'),
  mp4: fileType('video/mp4'),
} as const satisfies Record<PreviewSpec['format'], FileType>

function planPreview(facts: VideoFacts, spec: PreviewSpec): PlannedPreview {
  const { type, name, required, format, durationSec, quality } = spec
  const size = evenSize(facts, Math.min(1, spec.width / facts.width, MAX_PREVIEW_PX / facts.height))
  const fingerprintInput = JSON.stringify([type, size, format, durationSec, quality])
  const how = { format, durationSec, quality }
  return { type, name, required, ...PREVIEW_TYPES[format], ...size, ...how, refersTo: [], fingerprintInput }
}

/** Height of an animation that is only a taste of the video. */
const MAX_PREVIEW_PX = 2160

function planRendition(facts: VideoFacts, spec: RenditionSpec): PlannedRendition {
  const { type, name, required } = spec
  const encoding = planEncoding(facts, spec)
  const fingerprintInput = JSON.stringify([type, encoding])
  const file = { ...fileType('video/mp4'), refersTo: [] }
  return { type, name, required, ...file, ...encoding, fingerprintInput }
}
