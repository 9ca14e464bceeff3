import { basename } from 'node:path'
import { appError, isIndexType, MAX_INDEX_BYTES } from '@darkroom/contracts'
import type { VariantFile } from '@darkroom/media'
import type { Work } from './plan-work.ts'
import { readVariantFile } from './read-variant-file.ts'

const TOKEN = /\{\{([a-z0-9-]{1,80})\}\}/g

/** Tells whether a file refers to other variants, which are made before it and must exist when it does. */
export const isIndex = ({ contentType }: Pick<VariantFile, 'contentType'>): boolean => isIndexType(contentType)

/**
 * Returns a playlist or similar text with the file names of the store in place of `{{name}}`, which the child wrote
 * because it does not know them. All variants of an asset lie in one folder, so a file name is a relative URL. Null for
 * a file without references. The text is not written to a file again, because a child could replace that by a link.
 * @throws OUTPUT_TOO_LARGE
 */
export function withReferences({ plan, keys }: Pick<Work, 'plan' | 'keys'>, variant: VariantFile): Buffer | null {
  const refersTo = plan.variants.find(({ name }) => name === variant.name)?.refersTo ?? []
  if (!isIndex(variant) || refersTo.length === 0) return null
  if (variant.byteSize > MAX_INDEX_BYTES) {
    throw appError('OUTPUT_TOO_LARGE', `${variant.name} has ${variant.byteSize} bytes.`)
  }
  return Buffer.from(fillIn(String(readVariantFile(variant.file, variant.byteSize)), refersTo, keys))
}

/** Replaces the names that the plan allows; what else looks like one stays as it is. */
export const fillIn = (text: string, refersTo: readonly string[], keys: ReadonlyMap<string, string>): string =>
  text.replace(TOKEN, (token, name: string) => {
    const key = refersTo.includes(name) ? keys.get(name) : undefined
    return key === undefined ? token : basename(key)
  })
