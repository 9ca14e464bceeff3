import type { MultipartUpload, SignedPart, SingleUpload, UploadInstructions } from '@darkroom/contracts'
import type { Clock } from '@darkroom/core'
import type { Upload } from '@darkroom/db/uploads'
import { type PartLayout, partBytes } from '@darkroom/storage'
import type { IngestDeps, UploadSettings } from './deps.ts'
import { type Place, partLayoutOf, resumeMultipart } from './multipart-upload.ts'

interface SignDeps extends IngestDeps {
  clock: Clock
  settings: Pick<UploadSettings, 'presignTtlSec'>
}

/** Returns when a URL that is signed now stops working. */
export function presignExpiry({ clock, settings }: Pick<SignDeps, 'clock' | 'settings'>, expiresAt: Date): Date {
  return new Date(Math.min(clock.now().getTime() + settings.presignTtlSec * 1000, expiresAt.getTime()))
}

const secondsUntil = ({ clock }: Pick<SignDeps, 'clock'>, at: Date): number =>
  Math.max(1, Math.floor((at.getTime() - clock.now().getTime()) / 1000))

/** This many parts are signed without being asked for. */
const FIRST_PARTS = 16

/** Signs where and how the client puts its bytes. */
export function signUpload(
  deps: SignDeps,
  upload: Upload,
  place: Place,
  presignExpiresAt: Date,
): Promise<UploadInstructions> {
  const layout = partLayoutOf(upload)
  return layout
    ? signMultipart(deps, upload, place, layout, presignExpiresAt)
    : signSingle(deps, upload, place, presignExpiresAt)
}

async function signSingle(
  deps: SignDeps,
  { id, contentType, byteSize }: Upload,
  place: Place,
  presignExpiresAt: Date,
): Promise<SingleUpload> {
  const expiresInSec = secondsUntil(deps, presignExpiresAt)
  const { url, headers } = await deps.store.presignPut({ ...place, contentType, byteSize, expiresInSec })
  return { id, type: 'single', method: 'PUT', url, headers, expiresAt: presignExpiresAt.toISOString() }
}

async function signMultipart(
  deps: SignDeps,
  upload: Upload,
  place: Place,
  layout: PartLayout,
  presignExpiresAt: Date,
): Promise<MultipartUpload> {
  const { storeUploadId, missing } = await resumeMultipart(deps, upload, place, layout)
  const parts = await signParts(
    deps,
    { ...place, uploadId: storeUploadId },
    { layout, byteSize: upload.byteSize, partNumbers: missing.slice(0, FIRST_PARTS) },
    presignExpiresAt,
  )
  return { id: upload.id, type: 'multipart', ...layout, parts, expiresAt: presignExpiresAt.toISOString() }
}

/** Signs a PUT of each part, of exactly its length. */
export function signParts(
  deps: SignDeps,
  ref: Place & { uploadId: string },
  { layout, byteSize, partNumbers }: { layout: PartLayout; byteSize: number; partNumbers: number[] },
  presignExpiresAt: Date,
): Promise<SignedPart[]> {
  const expiresInSec = secondsUntil(deps, presignExpiresAt)
  return Promise.all(
    partNumbers.map(async partNumber => {
      const part = { partNumber, byteSize: partBytes(layout, byteSize, partNumber) }
      return { ...part, url: await deps.store.presignPart({ ...ref, ...part, expiresInSec }) }
    }),
  )
}
