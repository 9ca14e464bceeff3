import type { Asset } from '@darkroom/contracts'
import type { AssetFilterQuery } from '../search/library-search.ts'

/** One or two letters or digits are looked for at the beginning of words, as the service does. */
const MIN_PART_LENGTH = 3

type Judged = Pick<Asset, 'status' | 'kind' | 'tags' | 'folder' | 'filename' | 'byteSize' | 'createdAt' | 'deleteAt'>

/** Tells whether a list with this filter would have an asset. Only to say that something changed: what is shown, the service decides. */
export function fits(asset: Judged, filter: AssetFilterQuery): boolean {
  const created = Date.parse(asset.createdAt)
  const { status, kind, tag, folder, q, minBytes, maxBytes, createdAfter, createdBefore, deletion } = filter
  return (
    (status === undefined ? asset.status !== 'deleting' && asset.status !== 'deleted' : asset.status === status) &&
    (kind === undefined || asset.kind === kind) &&
    (tag === undefined || asset.tags.includes(tag)) &&
    (folder === undefined || asset.folder === folder) &&
    (q === undefined || hasInName(asset.filename, q)) &&
    (minBytes === undefined || asset.byteSize >= minBytes) &&
    (maxBytes === undefined || asset.byteSize <= maxBytes) &&
    (createdAfter === undefined || created > Date.parse(createdAfter)) &&
    (createdBefore === undefined || created < Date.parse(createdBefore)) &&
    (deletion === 'any' || (asset.deleteAt !== null) === (deletion === 'scheduled'))
  )
}

function hasInName(filename: string, q: string): boolean {
  const [name, part] = [filename.toLowerCase(), q.toLowerCase()]
  if ([...part].length >= MIN_PART_LENGTH || !/^[a-z0-9]/.test(part)) return name.includes(part)
  for (let at = name.indexOf(part); at >= 0; at = name.indexOf(part, at + 1)) {
    if (at === 0 || !/[a-z0-9]/.test(name.charAt(at - 1))) return true
  }
  return false
}
