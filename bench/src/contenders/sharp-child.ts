// The process in which a contender made of sharp alone works. Nothing is written: bytes in memory are its best case.
import sharp from 'sharp'
import { answerParent } from '../measure/forked.ts'
import { SHARP_WORK, type SharpJob, type SharpMode } from './sharp-work.ts'

sharp.cache(false)
sharp.concurrency(Number(process.argv[2]))

answerParent({ ready: true }, async ({ mode, job }: { mode: SharpMode; job: SharpJob }) => {
  const made = await SHARP_WORK[mode](job)
  return made.map(bytes => bytes.length)
})
