import type { Facts } from '../../facts.ts'
import type { ProbeContext } from '../../pipeline/kind.ts'
import { runSteps, type Step } from '../../pipeline/steps.ts'
import { isImageType } from '../types.ts'
import { checkLimitsStep } from './check-limits.ts'
import type { ImageProbeContext, ImageProbeResults } from './context.ts'
import { factsStep } from './facts.ts'
import { headerStep } from './header.ts'
import { inputStep } from './input.ts'

const IMAGE_PROBE_STEPS: readonly Step<ImageProbeContext, ImageProbeResults>[] = [
  inputStep,
  headerStep,
  checkLimitsStep,
  factsStep,
]

/** Reads the header, no pixels. */
export async function probeImage({ file, type, limits, timings, warn }: ProbeContext): Promise<Facts> {
  if (!isImageType(type)) throw new Error(`${type} is no image type`)
  const { facts } = await runSteps(IMAGE_PROBE_STEPS, { file, type, limits, warn }, timings)
  return facts
}
