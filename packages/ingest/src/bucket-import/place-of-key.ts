import { appError, Folder } from '@darkroom/contracts'
import { cleanFilename } from '../filename.ts'

/** How keys of a bucket become folders of a project. */
export interface KeyMapping {
  /** What is imported of the bucket; its folders are left out. */
  prefix: string
  /** Folder that everything goes into; empty for the root. */
  folder: string
  /** False puts all files into that one folder. */
  keepsFolders: boolean
}

/** Tells whether an object stands for a folder and is no file: S3 consoles write `a/`, that of B2 `a/.bzEmpty`. */
export const isFolderMark = (key: string): boolean => key.endsWith('/') || /(^|\/)\.bzEmpty$/.test(key)

/**
 * Returns name and folder of the asset that an object becomes.
 * @throws INVALID_REQUEST when the key has parts that no folder may have
 */
export function placeOfKey(
  key: string,
  { prefix, folder, keepsFolders }: KeyMapping,
): { filename: string; folder: string } {
  const above = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  const names = (key.startsWith(above) ? key.slice(above.length) : key).split('/')
  const filename = cleanFilename(names.pop() ?? '')
  const path = Folder.safeParse([folder, ...(keepsFolders ? names : [])].join('/'))
  if (path.success) return { filename, folder: path.data }
  const reason = path.error.issues[0]?.message ?? 'it is no folder'
  throw appError('INVALID_REQUEST', `The key cannot become a folder: ${reason}. Import it without folders.`)
}
