import { type FinishContext, finishVariant, variantFile } from '../../pipeline/finish-variant.ts'
import type { PlannedSound } from '../planned.ts'
import { channelsOf, encodeSound, settleLevels } from './encode-sound.ts'
import { AS_IT_IS } from './levels.ts'
import type { SoundSource } from './source.ts'

/** How much of the time measuring takes. */
const MEASURING = 0.25

/**
 * Writes a sound in another codec and announces it.
 * @throws MediaFault what ffmpeg found wrong, OUTPUT_TOO_LARGE, PRIVATE_METADATA
 */
export async function renderSound(
  context: FinishContext,
  planned: PlannedSound,
  source: SoundSource,
  onProgress: (part: number) => void = () => undefined,
): Promise<void> {
  const encoded = { context, encoding: planned, source, output: variantFile(context, planned) }
  if (planned.loudness === null) {
    await encodeSound(encoded, AS_IT_IS, onProgress)
  } else {
    const measured = await source.loudness(channelsOf(planned, source), part => onProgress(part * MEASURING))
    const { levels, isMade } = await settleLevels(encoded, measured)
    if (!isMade) await encodeSound(encoded, levels, part => onProgress(MEASURING + part * (1 - MEASURING)))
    onProgress(1)
  }
  await finishVariant(context, planned)
}
