import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { appError } from '@darkroom/contracts'
import { checkRoom, type Project } from '@darkroom/db/projects'
import type { ImportRow } from '@darkroom/db/uploads'
import type { Run } from '@darkroom/jobs/handler'
import type { DownloadAnswer } from '@darkroom/outbound'
import type { WorkerDeps } from '../deps.ts'
import { trackProgress } from '../process-asset/progress.ts'
import { acceptSource } from './accept-source.ts'
import { assertImportStatus } from './assert-import-status.ts'

/** A file that was fetched, on our disk. */
export interface FetchedSource {
  file: string
  byteSize: number
  sha256: string
  contentType: string
}

interface Wanted extends Pick<ImportRow, 'contentType'> {
  url: string
  project: Project
}

const MAX_REDIRECTS = 3
const FIRST_BYTE_MS = 15_000
/** Slower than the slowest line; a host that dawdles holds a slot that others need. */
const MINIMUM_RATE = { windowMs: 30_000, minBytesPerSec: 4096 }
const HEADERS = { 'user-agent': 'Darkroom-Import/1', accept: '*/*', 'accept-encoding': 'identity' }

/**
 * Streams a URL to a file. All that can be known of it before its bytes is checked before they are read.
 * @throws URL_NOT_ALLOWED, TOO_MANY_REDIRECTS, URL_UNREACHABLE, URL_TIMEOUT; IMPORT_NOT_FOUND, IMPORT_REFUSED,
 * IMPORT_UNAVAILABLE; UNSUPPORTED_TYPE, DECODER_UNAVAILABLE, TOO_LARGE, QUOTA_EXCEEDED, EMPTY_FILE
 */
export async function fetchSource(deps: WorkerDeps, run: Run, wanted: Wanted): Promise<FetchedSource> {
  const { database, queries, outbound, importLimits } = deps
  const { project } = wanted
  const maxBytes = Math.min(importLimits.maxBytes, project.maxUploadBytes ?? Number.POSITIVE_INFINITY)
  const unavailable = await queries.unavailableKinds()
  const request = {
    headers: HEADERS,
    maxRedirects: MAX_REDIRECTS,
    firstByteMs: FIRST_BYTE_MS,
    minimumRate: MINIMUM_RATE,
    maxBytes,
    totalMs: importLimits.timeoutMs,
    signal: run.signal,
  }
  return outbound.download(wanted.url, request, async answer => {
    assertImportStatus(answer)
    const header = String(answer.headers['content-type'] ?? '')
    const { allowedTypes, detectTypeByContent } = project
    const rules = { acceptsSvg: importLimits.acceptsSvg, unavailable, allowedTypes, detectTypeByContent }
    const contentType = acceptSource({ asked: wanted.contentType, header, filename: run.asset.filename }, rules)
    if (answer.byteSize !== null && answer.byteSize > maxBytes)
      throw appError('TOO_LARGE', `The file has ${answer.byteSize} bytes. The maximum is ${maxBytes}.`)
    await database.db.transaction(tx => checkRoom(tx, project, answer.byteSize))
    return { ...(await save(deps, run, answer)), contentType }
  })
}

async function save(
  deps: WorkerDeps,
  run: Run,
  { body, byteSize: declared }: DownloadAnswer,
): Promise<Omit<FetchedSource, 'contentType'>> {
  const file = join(run.workDir, 'source')
  const hash = createHash('sha256')
  const progress = trackProgress(deps, run, 1)
  let byteSize = 0
  const measured = async function* () {
    for await (const chunk of body) {
      deps.faults.crashpoint('import.middle')
      hash.update(chunk)
      byteSize += chunk.length
      progress.report({ value: declared ? byteSize / declared : 0, stage: 'importing' })
      yield chunk
    }
  }
  await pipeline(measured, createWriteStream(file, { mode: 0o600 }), { signal: run.signal })
  if (byteSize === 0) throw appError('EMPTY_FILE')
  return { file, byteSize, sha256: hash.digest('hex') }
}
