// sharp alone, in a process that waits for its next photo: one decode, everything else from those pixels.
import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { SHARP_WORK, type SharpJob } from '../../contenders/sharp-work.ts'
import { answerParent } from '../../measure/forked.ts'

sharp.cache(false)

answerParent({ ready: true }, async ({ job, outputs }: { job: SharpJob; outputs: string[] }) => {
  const made = await SHARP_WORK.decodeOnce(job)
  await Promise.all(outputs.map((file, index) => writeFile(file, made[index] ?? '')))
})
