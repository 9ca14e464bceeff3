import { availableParallelism } from 'node:os'
import type { Fault } from './fault.ts'
import type { FaultBed } from './fault-bed.ts'

const FILM_SEC = 6
const FILM = { video: [{ name: 'mp4', type: 'rendition', resolution: 720, effort: 4 }] }
const PHOTO = { image: [{ name: 'v', format: 'webp', width: 640 }] }

/** A film for each place, and one more: every place is taken. */
async function startFilms(bed: FaultBed, onReady: () => void) {
  const source = ['-f', 'lavfi', '-i', `testsrc2=s=1280x720:r=25:d=${FILM_SEC},noise=alls=12:allf=t`]
  const film = await bed.film('a.mp4', ...source, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p')
  return Array.from({ length: availableParallelism() + 1 }, () => bed.make(film, 'video/mp4', FILM).then(onReady))
}

export const TURN_FAULTS: Fault[] = [
  {
    row: 1,
    fault: 'A photo waits behind films until the first of them ends.',
    before: '65 to 370 s, when the first film ended',
    expected: 'before the first film',
    test: 'packages/media/test/places.test.ts',
    async measure(bed) {
      const photo = await bed.film('a.jpeg', '-f', 'lavfi', '-i', 'testsrc2=s=1600x1200', '-frames:v', '1')
      let firstFilmSec = Infinity
      const startedMs = performance.now()
      const films = await startFilms(bed, () => {
        firstFilmSec = Math.min(firstFilmSec, (performance.now() - startedMs) / 1000)
      })
      const sentMs = performance.now()
      await bed.make(photo, 'image/jpeg', PHOTO)
      const photoSec = (performance.now() - sentMs) / 1000
      const isBefore = firstFilmSec === Infinity
      await Promise.all(films)
      const now = `${photoSec.toFixed(1)} s, the first of ${films.length} films after ${firstFilmSec.toFixed(1)} s`
      return { now, isRight: isBefore }
    },
  },
]
