import { s3Error } from './errors.ts'
import { maxKeyBytes } from './limits.ts'

/** Refuses what B2 refuses as a file name: empty, over 1024 bytes of UTF-8, or with control characters. */
export function checkKey(key: string): string {
  if (key === '') throw s3Error('InvalidArgument', 'File names must not be empty.')
  if (Buffer.byteLength(key) > maxKeyBytes) throw s3Error('KeyTooLongError')
  for (const character of key) {
    const code = character.codePointAt(0) ?? 0
    if (code < 32 || code === 127) throw s3Error('InvalidArgument', 'File names must not contain control characters.')
  }
  return key
}

/** Refuses what is no name of a bucket at B2: 6 to 63 letters, digits and hyphens, not starting with `b2-`. */
export function checkBucketName(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{4,61}[A-Za-z0-9]$/.test(name) || name.startsWith('b2-')) {
    throw s3Error('InvalidBucketName', `The specified bucket is not valid: ${name}`)
  }
  return name
}
