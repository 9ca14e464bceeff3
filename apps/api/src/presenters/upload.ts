import type { MultipartUpload, SignedPart, SingleUpload, UploadInstructions } from '@darkroom/contracts'
import type { Upload } from '@darkroom/db/uploads'
import { type Place, partLayoutOf, resumeMultipart } from '@darkroom/ingest'
import { type PartLayout, partBytes } from '@darkroom/storage'
import { issueClientToken } from '../auth/client-token.ts'
import type { ApiDeps } from '../deps.ts'

/** When a URL that is signed now stops working. */
export function presignExpiry({ clock, settings }: Pick<ApiDeps, 'clock' | 'settings'>, expiresAt: Date): Date {
  return new Date(Math.min(clock.now().getTime() + settings.presignTtlSec * 1000, expiresAt.getTime()))
}

const secondsUntil = ({ clock }: Pick<ApiDeps, 'clock'>, at: Date): number =>
  Math.max(1, Math.floor((at.getTime() - clock.now().getTime()) / 1000))

/** This many parts are signed without being asked for. */
const FIRST_PARTS = 16
const CLIENT_TOKEN_TTL_SEC = 3600

/** Signs where and how the client puts its bytes, and the token with which a browser goes on from there. */
export async function presentUpload(
  deps: ApiDeps,
  upload: Upload,
  place: Place,
  presignExpiresAt: Date,
): Promise<{ upload: UploadInstructions; clientToken: string }> {
  const layout = partLayoutOf(upload)
  const instructions = layout
    ? await presentMultipart(deps, upload, place, layout, presignExpiresAt)
    : await presentSingle(deps, upload, place, presignExpiresAt)
  return { upload: instructions, clientToken: clientTokenOf(deps, upload) }
}

/** The token with which a browser goes on with an upload. */
export function clientTokenOf({ clock, settings }: Pick<ApiDeps, 'clock' | 'settings'>, upload: Upload): string {
  const { assetId, projectId } = upload
  const expiresAt = Math.floor(clock.now().getTime() / 1000) + CLIENT_TOKEN_TTL_SEC
  return issueClientToken({ assetId, projectId, expiresAt }, settings.secret)
}

async function presentSingle(
  deps: ApiDeps,
  { id, contentType, byteSize }: Upload,
  place: Place,
  presignExpiresAt: Date,
): Promise<SingleUpload> {
  const expiresInSec = secondsUntil(deps, presignExpiresAt)
  const { url, headers } = await deps.store.presignPut({ ...place, contentType, byteSize, expiresInSec })
  return { id, type: 'single', method: 'PUT', url, headers, expiresAt: presignExpiresAt.toISOString() }
}

async function presentMultipart(
  deps: ApiDeps,
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
  deps: ApiDeps,
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
