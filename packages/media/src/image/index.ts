import type { ImageFacts } from '../facts.ts'
import type { KindModule } from '../pipeline/kind.ts'
import type { PlannedAnimation, PlannedPicture } from './planned.ts'
import { probeImage } from './probe/index.ts'
import { renderImage } from './render/index.ts'

export const imageKind: KindModule<ImageFacts, PlannedPicture | PlannedAnimation> = {
  probe: probeImage,
  render: renderImage,
}
