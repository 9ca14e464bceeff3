import type { VideoFacts } from '../facts.ts'
import type { KindModule } from '../pipeline/kind.ts'
import { probeVideo } from './probe/index.ts'
import { renderVideo } from './render/index.ts'

export const videoKind: KindModule<VideoFacts> = { probe: probeVideo, render: renderVideo }
