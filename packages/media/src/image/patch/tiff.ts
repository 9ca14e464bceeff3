import { stat } from 'node:fs/promises'
import { readWhole } from '../decoders/read-whole.ts'
import { type Patched, truncated } from './patched.ts'
import { type Directories, readDirectories } from './tiff-directories.ts'

/** A TIFF that ends early: the pages in front of the first one that is torn. */
export async function patchTiff(file: string, maxPages: number): Promise<Patched | null> {
  const directories = await readDirectories(file, maxPages)
  if (!directories) return null
  const { size } = await stat(file)
  const { pages, endsEarly } = directories
  const torn = pages.findIndex(({ end }) => end > size)
  if (torn === -1 && !endsEarly) return null
  const whole = torn === -1 ? pages.length : torn
  const last = pages[whole - 1]
  if (!last) throw truncated()
  const input = await readWhole(file)
  input.fill(0, last.nextAt, last.nextAt + (directories.isBig ? 8 : 4))
  return { input, warning: { code: 'SOURCE_TRUNCATED', detail: detailOf(directories, whole) } }
}

function detailOf({ pages, endsEarly }: Directories, whole: number): string {
  if (!endsEarly) return `${whole} of ${pages.length} pages are whole.`
  return `${whole === 1 ? '1 page is' : `${whole} pages are`} whole. How many there were is not known.`
}
