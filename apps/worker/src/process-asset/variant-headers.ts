/** How a variant is stored. */
interface VariantHeaders {
  contentType: string
  cacheControl: string
}

/**
 * Variants never change under their key, so whoever has one may keep it for ever; those of a private project no cache on
 * the way. Browsers take a text without a charset for anything but UTF-8.
 */
export const variantHeaders = (contentType: string, { isPrivate }: { isPrivate: boolean }): VariantHeaders => ({
  contentType: contentType.startsWith('text/') ? `${contentType}; charset=utf-8` : contentType,
  cacheControl: `${isPrivate ? 'private' : 'public'}, max-age=31536000, immutable`,
})
