import { basename } from 'node:path'
import { appError, isIndexType, MAX_INDEX_BYTES } from '@darkroom/contracts'
import type { VariantFile } from '@darkroom/media'
import type { Work } from './plan-work.ts'
import { readVariantFile } from './read-variant-file.ts'

const TOKEN = /\{\{([a-z0-9-]{1,80})\}\}/g

/** Whether a file points to other variants, which are made before it and must be there when it is. */
export const isIndex = ({ contentType }: Pick<VariantFile, 'contentType'>): boolean => isIndexType(contentType)

/**
 * A playlist or the like with the file names of the store in the places where the child, which does not know them, wrote
 * `{{name}}`. All variants of an asset lie in one folder, so a file name is a relative URL. Null for what points to nothing.
 * It is written to no file again: that is one more in whose place a child could have put a link.
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
