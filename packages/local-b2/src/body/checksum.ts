import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { s3Error } from '../errors.ts'

export interface RunningChecksum {
  update(chunk: Buffer): void
  base64(): string
}

function runningHash(algorithm: 'sha1' | 'sha256'): RunningChecksum {
  const hash = createHash(algorithm)
  return { update: chunk => hash.update(chunk), base64: () => hash.digest('base64') }
}

function runningCrc32(): RunningChecksum {
  let value = 0
  return {
    update: chunk => {
      value = crc32(chunk, value)
    },
    base64: () => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(value)
      return bytes.toString('base64')
    },
  }
}

const algorithms: Record<string, () => RunningChecksum> = {
  'x-amz-checksum-crc32': runningCrc32,
  'x-amz-checksum-sha1': () => runningHash('sha1'),
  'x-amz-checksum-sha256': () => runningHash('sha256'),
}

export const checksumHeaders = Object.keys(algorithms)

/** Follows a body with the checksum a header or trailer names; undefined for those the store does not compute. */
export function startChecksum(name: string): RunningChecksum | undefined {
  return algorithms[name]?.()
}

export function checkChecksum(name: string, expected: string, checksum: RunningChecksum) {
  if (checksum.base64() !== expected) {
    throw s3Error('BadDigest', `The ${name.replace('x-amz-checksum-', '').toUpperCase()} you specified did not match.`)
  }
}
