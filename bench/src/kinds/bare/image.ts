import { join } from 'node:path'
import { sharpJob } from '../../contenders/sharp-work.ts'
import { startForked } from '../../measure/forked.ts'
import type { PlannedStillImage } from '../../photos/photo.ts'
import { type Maker, outputName } from '../maker.ts'

const ENTRY = new URL('./image-child.ts', import.meta.url)

/** Runs sharp in one process that is already started, with one thread for each core. */
export async function bareImage(): Promise<Maker> {
  const { forked } = await startForked(ENTRY)
  return {
    id: 'bare',
    label: 'sharp, decode once, files written',
    async make({ name, facts, variants }, workDir) {
      if (facts.kind !== 'image') throw new Error(`${name} is no image`)
      const images = variants.filter((variant): variant is PlannedStillImage => variant.type === 'picture')
      const job = sharpJob({ file: join(workDir, name), facts, variants: images })
      await forked.ask({ job, outputs: images.map(variant => join(workDir, outputName(variant))) })
      return 0
    },
    close: () => forked.close(),
  }
}
