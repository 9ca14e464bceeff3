import type { ServiceStatus } from '@darkroom/contracts'
import { humanBytes } from '../human-bytes.ts'
import { formatNames } from '../media-format.ts'
import type { Failure } from './failure.ts'

type Limits = Pick<ServiceStatus, 'accepts' | 'maxUploadBytes' | 'uploads'>

/** Why this file would be refused, found before a byte is sent; null when it may go. */
export function checkFile(file: { size: number }, contentType: string, limits: Limits | null): Failure | null {
  if (file.size === 0) return refused('EMPTY_FILE', 'The file has no bytes.')
  if (!limits) return null
  const { accepts, maxUploadBytes } = limits
  if (!accepts.includes(contentType)) {
    return refused(
      'UNSUPPORTED_TYPE',
      `${contentType ? `“${contentType}” is not taken` : 'The type of this file is not known'}; ${formatNames(accepts)} are.`,
    )
  }
  if (file.size > maxUploadBytes) {
    return refused('TOO_LARGE', `It has ${humanBytes(file.size)}; the limit is ${humanBytes(maxUploadBytes)}.`)
  }
  if (limits.uploads === 'paused') return { ...refused('UPLOADS_PAUSED', 'Uploads are paused.'), retryable: true }
  return null
}

const refused = (code: string, detail: string): Failure => ({ code, detail, step: 'send', retryable: false })
