import type { ImageFacts } from '../facts.ts'
import type { KindModule } from '../pipeline/kind.ts'
import type { PlannedAnimation, PlannedStillImage } from './planned.ts'
import { probeImage } from './probe/index.ts'
import { renderImage } from './render/index.ts'

export const imageKind: KindModule<ImageFacts, PlannedStillImage | PlannedAnimation> = {
  probe: probeImage,
  render: renderImage,
}
