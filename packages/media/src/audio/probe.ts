import type { AudioFacts } from '../facts.ts'
import type { ProbeContext } from '../pipeline/kind.ts'
import { runSteps, type Step } from '../pipeline/steps.ts'
import type { AudioProbeContext, AudioProbeResults } from './probe/context.ts'
import { coverStep } from './probe/cover.ts'
import { durationStep } from './probe/duration.ts'
import { factsStep } from './probe/facts.ts'
import { streamStep } from './probe/stream.ts'
import { probedStep } from './probe/streams.ts'

const AUDIO_PROBE_STEPS: readonly Step<AudioProbeContext, AudioProbeResults>[] = [
  probedStep,
  streamStep,
  durationStep,
  coverStep,
  factsStep,
]

/**
 * Finds out what an audio file is, also one in a container for videos.
 * @param answer what ffprobe says of it, where it was asked already
 * @throws MediaFault CORRUPT_FILE, TRUNCATED_FILE, UNSUPPORTED_TYPE, TOO_LONG, TOO_MANY_STREAMS, DECODER_UNAVAILABLE
 */
export async function probeAudio(context: ProbeContext, answer?: unknown): Promise<AudioFacts> {
  const { facts } = await runSteps(AUDIO_PROBE_STEPS, { ...context, answer }, context.timings)
  return facts
}
