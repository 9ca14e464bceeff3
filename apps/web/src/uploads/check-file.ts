import type { ServiceStatus } from '@darkroom/contracts'
import { humanBytes } from '../human-bytes.ts'
import { formatName, formatNames, kindNames, kindOf } from '../media-format.ts'
import type { Failure } from './failure.ts'

type Limits = Pick<ServiceStatus, 'accepts' | 'maxUploadBytes'>

/** Checks a file before a byte is sent. Returns why it would be refused; null when it may be uploaded. */
export function checkFile(file: { size: number }, contentType: string, limits: Limits): Failure | null {
  if (file.size === 0) return refused('EMPTY_FILE', 'The file is empty.')
  const { accepts, maxUploadBytes } = limits
  if (!accepts.includes(contentType)) return refused('UNSUPPORTED_TYPE', notTaken(contentType, accepts))
  if (file.size > maxUploadBytes) {
    return refused('TOO_LARGE', `The file has ${humanBytes(file.size)}; the limit is ${humanBytes(maxUploadBytes)}.`)
  }
  return null
}

/** Describes the type of a file that is not accepted, and what is: the formats of its kind, or the accepted kinds. */
function notTaken(contentType: string, accepts: readonly string[]): string {
  if (!contentType) return `The type of this file is unknown; ${kindNames(accepts)} are supported.`
  const kind = kindOf(contentType)
  if (kind === null) return `“${contentType}” is not supported; ${kindNames(accepts)} are.`
  const alike = accepts.filter(type => kindOf(type) === kind)
  if (alike.length > 0) return `${formatName(contentType)} is not supported; ${formatNames(alike)} ${areOrIs(alike)}.`
  return `${formatName(contentType)} is not supported here; ${kindNames(accepts)} are.`
}

const areOrIs = (list: readonly unknown[]) => (list.length === 1 ? 'is' : 'are')

const refused = (code: string, detail: string): Failure => ({ code, detail, step: 'send', retryable: false })
