import { ask, DarkroomError, type Question } from './ask.ts'
import { assertAsAsked, type Created, requestOf } from './create-request.ts'
import { type DarkroomOptions, partSizeOf } from './options.ts'
import type { Uppy, UppyFile } from './uppy.ts'

/** Names in the `meta` of a file. Golden Retriever keeps it, and so a reload finds its upload again. */
const REQUEST_KEY = 'darkroomRequest'
const ASSET_ID = 'darkroomAsset'

export interface Upload {
  assetId: string
  uploadId: string
  /** Where the whole file goes with one PUT; null for one in parts. */
  destination: Destination | null
  /** True when Darkroom has the file, and nothing is left to send. */
  isConfirmed: boolean
  token: string
}

export interface Destination {
  url: string
  headers: Record<string, string>
}

export interface PartInStore {
  partNumber: number
  byteSize: number
  etag: string
}

export type Uploads = ReturnType<typeof createUploads>

/**
 * Makes the uploads of Darkroom for files of Uppy. The creation of an upload is repeated with the same `Idempotency-Key` whenever a
 * file is begun again: after a pause, a failure, a reload, or an expired token. It answers with the same upload and a fresh signature.
 */
export function createUploads(uppy: Uppy, options: DarkroomOptions) {
  const api = options.api.replace(/\/$/, '')
  const uploads = new Map<string, Promise<Upload>>()

  /** Starts a file, or continues it where it was. @throws DarkroomError */
  function begin(file: UppyFile): Promise<Upload> {
    const upload = create(file, requestKeyOf(file)).catch(error => {
      if (!isOver(error)) throw error
      // Expired, deleted, or the file was changed since: this is a new one.
      return create(file, newRequestKey(file))
    })
    uploads.set(file.id, upload)
    upload.catch(() => {
      if (uploads.get(file.id) === upload) uploads.delete(file.id)
    })
    return upload
  }

  const current = (file: UppyFile): Promise<Upload> => uploads.get(file.id) ?? begin(file)

  const requestKeyOf = (file: UppyFile): string => {
    const known = (uppy.getFile(file.id) ?? file).meta[REQUEST_KEY]
    return typeof known === 'string' ? known : newRequestKey(file)
  }

  function newRequestKey({ id }: UppyFile): string {
    const key = randomKey()
    uppy.setFileMeta(id, { [REQUEST_KEY]: key })
    return key
  }

  async function create(file: UppyFile, key: string): Promise<Upload> {
    const body = requestOf(options, file)
    const headers = typeof options.headers === 'function' ? options.headers() : options.headers
    const { asset, upload, clientToken } = await ask<Created>({
      method: 'POST',
      url: options.createUrl,
      headers: { ...headers, 'idempotency-key': key },
      body,
    })
    assertAsAsked(upload, body)
    if (uppy.getFile(file.id)) uppy.setFileMeta(file.id, { [ASSET_ID]: asset.id })
    return {
      assetId: asset.id,
      uploadId: upload.id,
      destination: upload.type === 'single' ? { url: upload.url, headers: upload.headers } : null,
      isConfirmed: upload.type === 'none',
      token: clientToken,
    }
  }

  /** Calls a route of one upload. The token lives for an hour, and is renewed once when it is refused. */
  async function askFor<T>(file: UppyFile, method: Question['method'], route: string, body?: unknown): Promise<T> {
    const send = ({ uploadId, token }: Upload) =>
      ask<T>({
        method,
        url: `${api}/v1/uploads/${uploadId}${route}`,
        headers: { authorization: `Bearer ${token}` },
        body,
      })
    return send(await current(file)).catch(async error => {
      if (!(error instanceof DarkroomError && error.status === 401)) throw error
      return send(await begin(file))
    })
  }

  /** Lists the parts that the store has. */
  async function partsInStore(file: UppyFile): Promise<PartInStore[]> {
    const { isConfirmed } = await current(file)
    if (isConfirmed) return allParts(options, file)
    const { state, parts } = await askFor<{ state: string; parts: PartInStore[] | null }>(file, 'GET', '')
    return state === 'confirmed' ? allParts(options, file) : (parts ?? [])
  }

  /** Returns where one part goes: a URL that takes this part of exactly its length, for some minutes. */
  async function signPart(file: UppyFile, partNumber: number): Promise<string> {
    const { parts } = await askFor<{ parts: { url: string }[] }>(file, 'POST', '/parts', { partNumbers: [partNumber] })
    const [part] = parts
    if (!part) throw new Error(`part ${partNumber} was not signed`)
    return part.url
  }

  /** Tells Darkroom that all bytes are in the store. Parts are put together there, by the store's own list of them. */
  async function confirm(file: UppyFile): Promise<Upload> {
    const upload = await current(file)
    if (upload.isConfirmed) return upload
    await askFor(file, 'POST', '/confirm')
    upload.isConfirmed = true
    return upload
  }

  /** Shows that a file that was sent is not confirmed. A retry sends what was refused again. */
  function fail(file: UppyFile, error: Error): void {
    if (error instanceof DarkroomError)
      uppy.setFileState(file.id, { progress: { ...file.progress, uploadComplete: false } })
    uppy.emit('upload-error', file, error)
  }

  /** Aborts the upload of a file that was removed, so that nothing of it is left. */
  async function abandon(file: UppyFile): Promise<void> {
    const known = uploads.get(file.id)
    uploads.delete(file.id)
    const key = file.meta[REQUEST_KEY]
    if (typeof key !== 'string' || (!known && file.progress?.uploadComplete)) return
    const { uploadId, token, isConfirmed } = await (known ?? create(file, key))
    if (isConfirmed) return
    const url = `${api}/v1/uploads/${uploadId}`
    await ask({ method: 'DELETE', url, headers: { authorization: `Bearer ${token}` } })
  }

  // Uppy has no step of its own in which one PUT is confirmed; of parts it was done when they were completed.
  uppy.addPostProcessor(async fileIds => {
    await Promise.all(
      fileIds.map(async id => {
        const file = uppy.getFile(id)
        if (file?.progress?.uploadComplete) await confirm(file).catch(error => fail(file, error))
      }),
    )
  })

  uppy.on('file-removed', file => {
    abandon(file).catch(error => {
      if (!isOver(error)) uppy.log(error, 'warning')
    })
  })

  return {
    begin,
    partsInStore,
    signPart,
    confirm,
    addressOf: ({ assetId }: Upload) => `${api}/v1/assets/${assetId}`,
  }
}

/** Codes after which an upload takes no more bytes, or not those of this file. */
const OVER: ReadonlySet<string> = new Set([
  'UPLOAD_EXPIRED',
  'ASSET_DELETED',
  'UPLOAD_CONFIRMED',
  'IDEMPOTENCY_MISMATCH',
])

const isOver = (error: unknown): boolean => error instanceof DarkroomError && OVER.has(error.code ?? '')

/** Of a confirmed file, every part has arrived. */
function allParts(options: DarkroomOptions, { size }: UppyFile): PartInStore[] {
  const byteSize = size ?? 0
  const partSize = partSizeOf(options, byteSize)
  return Array.from({ length: Math.ceil(byteSize / partSize) }, (_, index) => ({
    partNumber: index + 1,
    byteSize: Math.min(partSize, byteSize - index * partSize),
    etag: 'confirmed',
  }))
}

/** Returns 128 random bits. `crypto.randomUUID` only exists on https and localhost. */
const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
