const SHOWN: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/avif',
  'image/gif',
  'image/svg+xml',
])

/** Tells whether every browser shows images of this type. */
export const isShownByBrowsers = (contentType: string): boolean => SHOWN.has(contentType)
