const TAG_COUNT_AT = 128
const TAG_BYTES = 12
/** Apple's "make and model" of a display holds its serial number. */
const PRIVATE_TAGS = new Set(['mmod'])

/** Returns names of the tags in an ICC profile that tell one device from others of its make. ICC.1:2022, 7.3 */
export function privateProfile(profile: Buffer): string[] {
  const tags = Array.from({ length: profile.readUInt32BE(TAG_COUNT_AT) }, (_, n) => {
    const at = TAG_COUNT_AT + 4 + n * TAG_BYTES
    return profile.toString('latin1', at, at + 4)
  })
  return tags.filter(tag => PRIVATE_TAGS.has(tag)).map(tag => `ICC ${tag}`)
}
