import { stat } from 'node:fs/promises'
import { readLimitedFile } from '../decoders/read-limited-file.ts'
import { type Patched, truncated } from './patched.ts'
import { type Directories, readDirectories } from './tiff-directories.ts'

/** Patches a TIFF that ends early: the pages in front of the first one that is torn. */
export async function patchTiff(file: string, maxPages: number): Promise<Patched | null> {
  const directories = await readDirectories(file, maxPages)
  if (!directories) return null
  const { size } = await stat(file)
  const { pages, isTruncated } = directories
  const torn = pages.findIndex(({ end }) => end > size)
  if (torn === -1 && !isTruncated) return null
  const whole = torn === -1 ? pages.length : torn
  const last = pages[whole - 1]
  if (!last) throw truncated()
  const input = await readLimitedFile(file)
  input.fill(0, last.nextAt, last.nextAt + (directories.isBig ? 8 : 4))
  return { input, warning: { code: 'SOURCE_TRUNCATED', detail: detailOf(directories, whole) } }
}

function detailOf({ pages, isTruncated }: Directories, whole: number): string {
  if (!isTruncated) return `${whole} of ${pages.length} pages are whole.`
  return `${whole === 1 ? '1 page is' : `${whole} pages are`} whole. How many there were is not known.`
}
