import { extname, parse } from 'node:path'
import type { AssetFile } from '@darkroom/db/assets'

/** In a path of a ZIP file it separates folders on Windows. */
const BACKSLASHES = /\\/g

/**
 * Returns the path of each file in an archive: its folder and name, with a number where two would be the same on a disk that
 * does not tell capitals apart. A variant has the extension of what it is.
 */
export function entryPaths(files: readonly AssetFile[], variant: string | null): string[] {
  const taken = new Set<string>()
  return files.map(file => {
    const { dir, name, ext } = parse(pathOf(file, variant))
    const numbered = (n: number) => `${dir && `${dir}/`}${name}${n === 1 ? '' : ` (${n})`}${ext}`
    let n = 1
    while (taken.has(numbered(n).toLowerCase())) n++
    taken.add(numbered(n).toLowerCase())
    return numbered(n)
  })
}

function pathOf({ folder, filename, object }: AssetFile, variant: string | null): string {
  const name = variant === null ? filename : `${parse(filename).name}${extname(object.key)}`
  return (folder === '' ? name : `${folder}/${name}`).replace(BACKSLASHES, '_')
}
