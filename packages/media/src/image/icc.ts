// ICC.1:2022, 7.2 (header), 7.3 (tag table), 10.13 (multiLocalizedUnicodeType); ICC.1:2001, 6.5.17 (textDescriptionType).
const TAG_TABLE = 128
const MAX_TAGS = 100
const MAX_CHARS = 200

/** Returns the description inside an ICC profile, null when there is none that can be read. Every offset in it is hostile. */
export function describeIcc(profile: Buffer): string | null {
  const tag = findTag(profile, 'desc')
  if (!tag || tag.length < 12) return null
  const text = READERS[tag.toString('latin1', 0, 4)]?.(tag) ?? ''
  return (
    text
      .replace(/\p{Cc}/gu, '')
      .trim()
      .slice(0, MAX_CHARS)
      .toWellFormed() || null
  )
}

function findTag(profile: Buffer, signature: string): Buffer | undefined {
  if (profile.length < TAG_TABLE + 4) return undefined
  const count = Math.min(profile.readUInt32BE(TAG_TABLE), MAX_TAGS)
  for (let at = TAG_TABLE + 4, n = 0; n < count && at + 12 <= profile.length; at += 12, n++) {
    if (profile.toString('latin1', at, at + 4) !== signature) continue
    const offset = profile.readUInt32BE(at + 4)
    return profile.subarray(offset, offset + profile.readUInt32BE(at + 8))
  }
  return undefined
}

const READERS: Record<string, (tag: Buffer) => string> = {
  desc: tag => tag.toString('latin1', 12, 12 + Math.min(tag.readUInt32BE(8), MAX_CHARS)),
  mluc: tag => (tag.length < 28 ? '' : utf16(tag, tag.readUInt32BE(24), tag.readUInt32BE(20))),
}

function utf16(tag: Buffer, offset: number, length: number): string {
  const bytes = tag.subarray(offset, offset + Math.min(length, MAX_CHARS * 2))
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le')
}
