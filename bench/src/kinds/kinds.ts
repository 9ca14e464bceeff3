import type { MediaKind } from '@darkroom/contracts'
import { bareAudio } from './bare/audio.ts'
import { bareDocument } from './bare/document.ts'
import { bareImage } from './bare/image.ts'
import { bareVideo } from './bare/video.ts'
import { audioFiles, documents, type FindInputs, photos, videos } from './inputs.ts'
import type { Maker } from './maker.ts'

/** What each kind is measured with, and against what. */
export const KINDS: Record<MediaKind, { inputs: FindInputs; bare(): Promise<Maker> }> = {
  image: { inputs: photos, bare: bareImage },
  video: { inputs: videos, bare: bareVideo },
  audio: { inputs: audioFiles, bare: bareAudio },
  document: { inputs: documents, bare: bareDocument },
}
