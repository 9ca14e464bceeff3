import { availableParallelism } from 'node:os'
import type { Fault } from './fault.ts'
import type { FaultBed } from './fault-bed.ts'

const VIDEO_SEC = 6
const VIDEO = { video: [{ name: 'mp4', type: 'rendition', resolution: 720, effort: 4 }] }
const PHOTO = { image: [{ name: 'v', format: 'webp', width: 640 }] }

/** Starts a video for each media process and one more, so that every place is taken. */
async function startVideos(bed: FaultBed, onReady: () => void) {
  const source = ['-f', 'lavfi', '-i', `testsrc2=s=1280x720:r=25:d=${VIDEO_SEC},noise=alls=12:allf=t`]
  const video = await bed.video('a.mp4', ...source, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p')
  return Array.from({ length: availableParallelism() + 1 }, () => bed.make(video, 'video/mp4', VIDEO).then(onReady))
}

export const ORIENTATION_FAULTS: Fault[] = [
  {
    row: 1,
    fault: 'A photo waits behind videos until the first of them ends.',
    before: '65 to 370 s, when the first video ended',
    expected: 'before the first video',
    test: 'packages/media/test/places.test.ts',
    async measure(bed) {
      const photo = await bed.video('a.jpeg', '-f', 'lavfi', '-i', 'testsrc2=s=1600x1200', '-frames:v', '1')
      let firstVideoSec = Infinity
      const startedMs = performance.now()
      const videos = await startVideos(bed, () => {
        firstVideoSec = Math.min(firstVideoSec, (performance.now() - startedMs) / 1000)
      })
      const sentMs = performance.now()
      await bed.make(photo, 'image/jpeg', PHOTO)
      const photoSec = (performance.now() - sentMs) / 1000
      const isBefore = firstVideoSec === Infinity
      await Promise.all(videos)
      const now = `${photoSec.toFixed(1)} s, the first of ${videos.length} videos after ${firstVideoSec.toFixed(1)} s`
      return { now, isRight: isBefore }
    },
  },
]
