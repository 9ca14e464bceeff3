import readExif from 'exif-reader'

/** Author and copyright, and what says how the pixels are to be read. */
const ALLOWED = new Set([
  ...['Artist', 'Copyright'],
  ...['Orientation', 'XResolution', 'YResolution', 'ResolutionUnit', 'YCbCrPositioning', 'ColorSpace'],
  ...['PixelXDimension', 'PixelYDimension', 'ExifVersion', 'FlashpixVersion', 'ComponentsConfiguration', 'ExifTag'],
])
const ALLOWED_GROUPS = ['Image', 'Photo']
/** All of the above without its two texts. */
const MAX_STRUCTURE_BYTES = 600

/** Returns names of the tags in an EXIF block that are more than author and copyright. */
export function privateExif(block: Buffer): string[] {
  const { bigEndian: _, ...groups } = readExif(block)
  const found = Object.entries(groups).flatMap(([group, tags]) =>
    ALLOWED_GROUPS.includes(group) ? Object.keys(tags ?? {}).filter(tag => !ALLOWED.has(tag)) : [group],
  )
  const texts = [groups.Image?.Artist, groups.Image?.Copyright].map(text => Buffer.byteLength(String(text ?? '')))
  const known = texts.reduce((sum, bytes) => sum + bytes, MAX_STRUCTURE_BYTES)
  if (block.length > known) found.push('bytes that no tag accounts for')
  return found.map(name => `EXIF ${name}`)
}
