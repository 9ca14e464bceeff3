import { appError, type CreateUpload, detailsOf, type MediaKind } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import type { Commit } from '@darkroom/db/client'
import type { Project } from '@darkroom/db/projects'
import { admitUpload, type NewUpload, type RecordedUpload } from '@darkroom/db/uploads'
import { type PartLayout, uploadKey } from '@darkroom/storage'
import { typeToTry } from './accepted-types.ts'
import type { OpenUploadDeps, UploadSettings } from './deps.ts'
import { divideByPartSize, divideTusUpload, divideUpload, MAX_SINGLE_PUT_BYTES } from './part-layout.ts'
import { presetSelectorOf } from './preset-selector.ts'
import { presignExpiry } from './sign-upload.ts'

/** What a client asks for. */
export interface UploadRequest {
  project: Project
  body: CreateUpload
  /** The name under which the file is shown. */
  filename: string
  /** `Upload-Metadata` of an upload by the tus protocol. */
  tusMetadata?: string | undefined
}

/**
 * Checks what can be checked before there are bytes, and records asset, upload and object.
 * @throws UNSUPPORTED_TYPE, DECODER_UNAVAILABLE, EMPTY_FILE, TOO_LARGE, INVALID_REQUEST, and what the database refuses
 */
export async function recordUpload(
  deps: OpenUploadDeps,
  request: UploadRequest,
  commit: Commit<RecordedUpload>,
): Promise<RecordedUpload> {
  const upload = planUpload(deps, request, await deps.kinds.unavailable())
  return admitUpload(deps.database.db, request.project, upload, commit)
}

/**
 * Checks what can be checked before there are bytes. Nothing is recorded yet.
 * @param unavailable kinds of media for which no worker has tools
 * @throws UNSUPPORTED_TYPE, DECODER_UNAVAILABLE, EMPTY_FILE, TOO_LARGE, INVALID_REQUEST
 */
export function planUpload(
  deps: Pick<OpenUploadDeps, 'clock' | 'settings'>,
  { project, body, filename, tusMetadata }: UploadRequest,
  unavailable: readonly MediaKind[],
): NewUpload {
  const { clock, settings } = deps
  const { allowedTypes, detectTypeByContent } = project
  const { acceptsSvg } = settings
  const contentType = typeToTry(body, { acceptsSvg, unavailable, allowedTypes, detectTypeByContent })
  checkSize(body, settings, project)
  const assetId = newId()
  const expiresAt = new Date(clock.now().getTime() + settings.uploadExpiresMs)
  const parts = tusMetadata === undefined ? partsOf(body, settings) : divideTusUpload(body.byteSize)
  return {
    preset: presetSelectorOf(project, body),
    assetId,
    uploadId: newId(),
    bucket: settings.privateBucket,
    key: uploadKey(project.id, assetId),
    filename,
    contentType,
    byteSize: body.byteSize,
    sha256: body.sha256 ?? null,
    ...detailsOf(body),
    parts,
    tusMetadata,
    presignExpiresAt: presignExpiry(deps, expiresAt),
    expiresAt,
  }
}

function partsOf(
  { multipart, byteSize, partSize }: CreateUpload,
  { multipartThresholdBytes }: UploadSettings,
): PartLayout | null {
  if (!(multipart ?? byteSize > multipartThresholdBytes)) return null
  return partSize === undefined ? divideUpload(byteSize) : divideByPartSize(byteSize, partSize)
}

function checkSize({ byteSize, multipart }: CreateUpload, settings: UploadSettings, project: Project): void {
  if (byteSize < 0) throw appError('INVALID_REQUEST', 'byteSize must not be negative.')
  if (byteSize === 0) throw appError('EMPTY_FILE')
  const maxBytes = Math.min(settings.maxUploadBytes, project.maxUploadBytes ?? Number.POSITIVE_INFINITY)
  if (byteSize > maxBytes) throw appError('TOO_LARGE', `The file has ${byteSize} bytes. The maximum is ${maxBytes}.`)
  if (multipart === false && byteSize > MAX_SINGLE_PUT_BYTES) {
    throw appError(
      'TOO_LARGE',
      `A single PUT can have at most ${MAX_SINGLE_PUT_BYTES} bytes. Leave out "multipart": false.`,
    )
  }
}
