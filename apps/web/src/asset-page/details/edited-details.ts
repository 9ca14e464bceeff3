import type { Asset } from '@darkroom/contracts'

/** The fields of the form, as text. */
export interface DetailFields {
  filename: string
  title: string
  altText: string
  /** The image says nothing that the text around it does not say. */
  isDecoration: boolean
  description: string
  folder: string
  /** Separated by commas. */
  tags: string
}

/** What PATCH changes of an asset. */
export interface DetailPatch {
  filename?: string
  title?: string | null
  altText?: string | null
  description?: string | null
  folder?: string
  addTags?: string[]
  removeTags?: string[]
}

export const fieldsOf = (asset: Asset): DetailFields => ({
  filename: asset.filename,
  title: asset.title ?? '',
  altText: asset.altText ?? '',
  isDecoration: asset.altText === '',
  description: asset.description ?? '',
  folder: asset.folder,
  tags: asset.tags.join(', '),
})

/** Returns only what was changed, so that what somebody else changes at the same time stays; null when nothing was. */
export function patchOf(before: DetailFields, after: DetailFields): DetailPatch | null {
  const [had, has] = [tagsIn(before.tags), tagsIn(after.tags)]
  const addTags = has.filter(tag => !had.includes(tag))
  const removeTags = had.filter(tag => !has.includes(tag))
  const filename = after.filename.trim()
  const patch: DetailPatch = {
    ...(filename !== '' && filename !== before.filename && { filename }),
    ...changedText('title', before.title, after.title),
    ...(altOf(before) !== altOf(after) && { altText: altOf(after) }),
    ...changedText('description', before.description, after.description),
    ...(after.folder.trim() !== before.folder && { folder: after.folder.trim() }),
    ...(addTags.length > 0 && { addTags }),
    ...(removeTags.length > 0 && { removeTags }),
  }
  return Object.keys(patch).length > 0 ? patch : null
}

function changedText<Name extends 'title' | 'description'>(name: Name, before: string, after: string) {
  const text = after.trim()
  return text === before ? {} : { [name]: text === '' ? null : text }
}

/** Empty is said of decoration; null where nobody has written anything yet. */
const altOf = ({ altText, isDecoration }: DetailFields): string | null =>
  isDecoration ? '' : altText.trim() === '' ? null : altText.trim()

const tagsIn = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map(tag => tag.trim())
      .filter(tag => tag !== ''),
  ),
]
