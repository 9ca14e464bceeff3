import type { uploadCalls } from '../calls/uploads.ts'
import { DarkroomError } from '../errors.ts'
import type { Asset } from '../types.ts'
import type { WaitOptions } from '../wait-until-ready.ts'
import { fingerprintOf } from './fingerprint.ts'
import { rememberedDetails } from './given-details.ts'
import type { Remembered, RememberedUpload } from './memory.ts'
import type { Platform } from './platform.ts'
import { runUpload, type Uploaded } from './run-upload.ts'
import type { Source } from './source.ts'
import type { InterruptedUpload, UploadOptions, UploadResult } from './upload-types.ts'

export interface UploaderDeps<Input> {
  calls: ReturnType<typeof uploadCalls>
  getAsset: (id: string, options: { signal: AbortSignal; token?: string }) => Promise<Asset>
  waitUntilReady: (id: string, options: WaitOptions) => Promise<Asset>
  platform: Platform<Input>
  /** Tells one service and account from another. */
  scope: () => Promise<string>
}

/** How long somebody who waited for a lock finds what was done under it. */
const FINISHED_MS = 3_600_000

/** Creates `upload`, and what is known of uploads before. */
export function createUploader<Input>(deps: UploaderDeps<Input>) {
  const { getAsset, waitUntilReady, platform, scope } = deps
  const { memory } = platform
  const calls = { ...deps.calls, ...platform.batch?.(deps.calls) }

  function resultOf(uploaded: Uploaded): UploadResult {
    const { asset, token, sha256 } = uploaded
    return {
      ...uploaded,
      async waitUntilReady(options = {}) {
        const ready = await waitUntilReady(asset.id, { ...(token && { token }), ...options })
        if (sha256 === null || ready.sha256 === null || ready.sha256 === sha256) return ready
        throw new DarkroomError({
          code: 'CHECKSUM_MISMATCH',
          message: 'Other bytes arrived than were sent.',
          asset: ready,
        })
      },
    }
  }

  /** Takes the asset that another tab or process has uploaded while this one waited. */
  async function join({ assetId, uploadId, token }: RememberedUpload, signal: AbortSignal): Promise<Uploaded> {
    const asset = await getAsset(assetId, { signal, ...(token !== null && { token }) })
    return { asset, uploadId, token, sha256: null }
  }

  async function fingerprintIn(place: string, source: Source, options: UploadOptions): Promise<string> {
    return fingerprintOf(source, [place, ...rememberedDetails(options)], platform.createSha256)
  }

  /** Returns what an upload of this file with these details is remembered by. */
  async function fingerprint(input: Input, options: UploadOptions = {}): Promise<string> {
    const source = await platform.open(input, options)
    return fingerprintIn(await scope(), source, options).finally(source.close)
  }

  /** Lists what is unfinished of this service and key, which the same file goes on with. */
  async function interrupted(): Promise<InterruptedUpload[]> {
    const place = await scope()
    const fingerprints = await memory.list()
    const all = await Promise.all(
      fingerprints.map(async fingerprint => {
        const known = await memory.read(fingerprint)
        if (!known?.file || known.file.scope !== place || !('uploadId' in known)) return []
        const { uploadId, assetId, token, finishedAt, expiresAt, file } = known
        return finishedAt !== null || expiresAt < Date.now() ? [] : { ...file, fingerprint, uploadId, assetId, token }
      }),
    )
    return all.flat()
  }

  /**
   * Uploads a file and confirms it. A lost connection, a reload or a crash costs the parts that were under way; the same file
   * is not uploaded twice at the same time.
   * @throws DarkroomError, or `signal.reason`
   */
  async function upload(input: Input, options: UploadOptions = {}): Promise<UploadResult> {
    const startedAt = Date.now()
    const signal = options.signal ?? new AbortController().signal
    signal.throwIfAborted()
    const source = await platform.open(input, options)
    try {
      if (options.resume === false) {
        const run = { calls, platform, remember: async () => undefined }
        return resultOf(await runUpload(run, { source, options, signal, known: null }))
      }
      const place = await scope()
      const fingerprint = await fingerprintIn(place, source, options)
      const { name, contentType, byteSize, lastModified } = source
      const file = { name, contentType, byteSize, lastModified, scope: place }

      const work = async (): Promise<Uploaded> => {
        const known = await memory.read(fingerprint)
        const finished = known && 'uploadId' in known && known.finishedAt !== null ? known : null
        if (finished && (finished.finishedAt ?? 0) >= startedAt) return join(finished, signal)
        const remember = (record: Remembered | null) =>
          record ? memory.write(fingerprint, { ...record, file }) : memory.forget(fingerprint)
        const uploaded = await runUpload(
          { calls, platform, remember },
          { source, options, signal, known: finished ? null : known },
        )
        const { uploadId, token } = uploaded
        const now = Date.now()
        await remember({
          uploadId,
          assetId: uploaded.asset.id,
          token,
          finishedAt: now,
          expiresAt: now + FINISHED_MS,
        })
        return uploaded
      }
      return resultOf(await memory.withLock(fingerprint, work, signal))
    } finally {
      await source.close()
    }
  }

  return { upload, fingerprint, interrupted }
}
