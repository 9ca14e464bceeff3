import type { AudioFacts } from '../facts.ts'
import type { KindModule } from '../pipeline/kind.ts'
import type { PlannedAudio } from './planned.ts'
import { probeAudio } from './probe.ts'
import { renderAudio } from './render.ts'

export const audioKind: KindModule<AudioFacts, PlannedAudio> = { probe: probeAudio, render: renderAudio }
