import { type FinishContext, finishVariant, variantFile } from '../../pipeline/finish-variant.ts'
import type { PlannedAudioTrack } from '../planned.ts'
import type { AudioSource } from './audio-source.ts'
import { channelsOf, encodeAudio, type OnPart, settleLevels } from './encode-audio.ts'
import { AS_IT_IS } from './levels.ts'

/** How much of the time measuring takes. */
const MEASURING = 0.25

/**
 * Writes an audio file in another codec and announces it.
 * @throws MediaFault what ffmpeg found wrong, OUTPUT_TOO_LARGE, PRIVATE_METADATA
 */
export async function renderAudioTrack(
  context: FinishContext,
  planned: PlannedAudioTrack,
  source: AudioSource,
  onProgress: OnPart = () => undefined,
): Promise<void> {
  const encoded = { context, encoding: planned, source, output: variantFile(context, planned) }
  if (planned.loudness === null) {
    await encodeAudio(encoded, AS_IT_IS, onProgress)
  } else {
    const measured = await source.loudness(channelsOf(planned, source), part => onProgress(part * MEASURING))
    const pass = passes(onProgress, MEASURING)
    const { levels, isMade } = await settleLevels(encoded, measured, () => pass(1 / 2))
    if (!isMade) await encodeAudio(encoded, levels, pass(1))
    onProgress(1)
  }
  await finishVariant(context, planned)
}

/** Divides the progress between passes. Their number is not known: each takes this share of what is left. */
function passes(onProgress: OnPart, begun: number): (share: number) => OnPart {
  let reached = begun
  return share => {
    const from = reached
    const step = (1 - from) * share
    reached += step
    return part => onProgress(from + step * part)
  }
}
