import type { Step } from '../../pipeline/steps.ts'
import { checkLimitsStep } from './check-limits.ts'
import type { ImageProbeContext, ImageProbeResults } from './context.ts'
import { factsStep } from './facts.ts'
import { headerStep } from './header.ts'

export const IMAGE_PROBE_STEPS: readonly Step<ImageProbeContext, ImageProbeResults>[] = [
  headerStep,
  checkLimitsStep,
  factsStep,
]
