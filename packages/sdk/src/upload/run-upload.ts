import type { uploadCalls } from '../calls/uploads.ts'
import { DarkroomError, isDarkroomError } from '../errors.ts'
import { newId } from '../new-id.ts'
import { isPassing } from '../transport.ts'
import type { Asset, UploadCreated, UploadInstructions, UploadState } from '../types.ts'
import { givenDetails } from './given-details.ts'
import { hashOf } from './hash-of.ts'
import type { PlannedUpload, Remembered, RememberedUpload } from './memory.ts'
import { createPersistence } from './persistence.ts'
import type { Platform } from './platform.ts'
import { createProgress } from './progress.ts'
import { sendParts, sendSingle } from './send.ts'
import type { Source } from './source.ts'
import { createAccess, type UploadAccess } from './upload-access.ts'
import type { UploadOptions } from './upload-types.ts'

export interface RunDeps {
  calls: ReturnType<typeof uploadCalls>
  platform: Pick<Platform, 'createSha256' | 'put' | 'untilOnline' | 'inSlot'>
  /** Keeps what is needed to go on after a crash, or forgets it. */
  remember: (upload: Remembered | null) => Promise<void>
}

export interface Uploaded {
  asset: Asset
  uploadId: string
  token: string | null
  sha256: string | null
}

/** An upload that takes bytes. */
interface Open {
  uploadId: string
  assetId: string
  access: UploadAccess
  /** How to send, as it came with the upload; null of an earlier one. */
  instructions: UploadInstructions | null
}

/** Files up to this size go up in one PUT, and are hashed before: the service may have them already. */
const SINGLE_BYTES = 32 * 1024 * 1024
const PARTS_AT_ONCE = 4
const STALL_AFTER_MS = 20_000
const GIVE_UP_AFTER_MS = 300_000
/** A confirm that finds something missing has it sent again so often. */
const MAX_ROUNDS = 3
/** Where the service does not say how long an upload is kept. */
const DEFAULT_LIFETIME_MS = 86_400_000

/** The upload is not there any more. */
const GONE = new Set(['UPLOAD_EXPIRED', 'ASSET_DELETED', 'NOT_FOUND'])
/** The store has not got what was sent. */
const INCOMPLETE = new Set(['UPLOAD_INCOMPLETE', 'SIZE_MISMATCH', 'INVALID_PARTS'])

/** What a key of an earlier attempt cannot create any more: with other details, or as it was given up. */
const SPENT = new Set([...GONE, 'IDEMPOTENCY_MISMATCH'])

const isOf = (codes: ReadonlySet<string>, error: unknown): boolean => isDarkroomError(error) && codes.has(error.code)

/**
 * Takes one file up: goes on with an earlier upload, or creates one; sends what the store lacks; confirms.
 * @throws DarkroomError, or the signal's reason
 */
export async function runUpload(
  { calls, platform, remember }: RunDeps,
  {
    source,
    options,
    signal,
    known,
  }: { source: Source; options: UploadOptions; signal: AbortSignal; known: Remembered | null },
): Promise<Uploaded> {
  const { parallel = PARTS_AT_ONCE, stallAfterMs = STALL_AFTER_MS, giveUpAfterMs = GIVE_UP_AFTER_MS } = options
  const { byteSize } = source
  // The API may be there while the store is not, and the other way round.
  const progress = createProgress(byteSize, options.onProgress)
  const { untilReachable = platform.untilOnline } = options
  const network = { untilReachable, giveUpAfterMs, signal, onInterruption: progress.interrupted }
  const persist = createPersistence(network)
  const send = {
    put: progress.watched(platform.put),
    persist: createPersistence(network),
    source,
    stallAfterMs,
    signal,
    onSent: progress.sent,
  }
  let sha256: string | null = null

  function accessTo(uploadId: string, token: string | null, record: RememberedUpload): UploadAccess {
    const onToken = (fresh: string) => remember({ ...record, token: fresh })
    return createAccess(uploadId, { calls, persist, signal, token, onToken })
  }

  /** Finds out what has become of an earlier upload; null when a new one has to be made. */
  async function recall(record: RememberedUpload): Promise<Open | null> {
    const { uploadId, assetId, token } = record
    const access = accessTo(uploadId, token, record)
    try {
      const { state } = await access.state()
      if (state === 'awaiting_upload' || state === 'confirmed') return { uploadId, assetId, access, instructions: null }
    } catch (error) {
      // A client token that has run out cannot be renewed; a key that is refused has to be corrected.
      const hasRunOut = token !== null && isDarkroomError(error) && error.code === 'UNAUTHORIZED'
      if (!hasRunOut && !isOf(GONE, error)) throw error
    }
    await remember(null)
    return null
  }

  async function create(planned: PlannedUpload | null): Promise<Open & Pick<UploadCreated, 'asset'>> {
    const { partSize, checksum = true } = options
    // One PUT is held in memory as a whole, so no part size makes it larger.
    const isSingle = byteSize <= Math.min(partSize ?? SINGLE_BYTES, SINGLE_BYTES)
    if (isSingle && checksum) sha256 = await hashOf(source, platform.createSha256)
    const body = {
      filename: source.name,
      contentType: source.contentType || 'application/octet-stream',
      byteSize,
      multipart: !isSingle,
      ...(partSize !== undefined && partSize < byteSize && { partSize }),
      ...(sha256 !== null && { sha256 }),
      ...givenDetails(options),
    }
    const createOnce = options.create ?? calls.create
    const createBy = (idempotencyKey: string) => persist(() => createOnce(body, { signal, idempotencyKey }), isPassing)
    const createAnew = async () => {
      // Before the call: a crash after it must not create a second asset.
      const idempotencyKey = newId()
      await remember({ idempotencyKey, expiresAt: Date.now() + DEFAULT_LIFETIME_MS })
      return createBy(idempotencyKey)
    }
    const created = await (planned
      ? createBy(planned.idempotencyKey).catch(error => {
          if (!isOf(SPENT, error)) throw error
          return createAnew()
        })
      : createAnew())
    const { asset, upload, clientToken } = created
    const token = options.create ? clientToken : null
    const expiresAt = asset.expiresAt ? Date.parse(asset.expiresAt) : Date.now() + DEFAULT_LIFETIME_MS
    const record = { uploadId: upload.id, assetId: asset.id, token, expiresAt, finishedAt: null }
    if (upload.type !== 'none') await remember(record)
    const access = accessTo(upload.id, token, record)
    return { uploadId: upload.id, assetId: asset.id, access, instructions: upload, asset }
  }

  /** Sends what the store lacks: nothing of an upload that was confirmed meanwhile. */
  async function deliver({ access, instructions }: Open): Promise<void> {
    const { inSlot = work => work() } = platform
    const renew = () => renewSingle(access)
    if (instructions?.type === 'single') return inSlot(() => sendSingle({ ...send, upload: instructions, renew }))
    const first = instructions?.type === 'multipart' ? instructions : null
    const state = first ? null : await access.state()
    if (state?.state === 'confirmed') return
    if (state && isWhole(state)) return
    const layout = first ?? layoutOf(state)
    if (!layout) return inSlot(async () => sendSingle({ ...send, upload: await renew(), renew }))
    const present = new Set(state?.parts?.map(({ partNumber }) => partNumber))
    const hash = options.checksum === false ? null : platform.createSha256()
    await sendParts({ ...send, layout, first, present, sign: access.sign, hash, parallel })
    if (hash) sha256 = hash.digest()
  }

  async function deliverAndConfirm(open: Open): Promise<Asset> {
    const ids = { uploadId: open.uploadId, assetId: open.assetId }
    for (let round = 1; ; round += 1) {
      progress.enter('uploading', { ...ids, token: open.access.token() })
      await deliver(round === 1 ? open : { ...open, instructions: null })
      await source.assertUnchanged()
      progress.enter('confirming')
      try {
        const { asset } = await open.access.confirm()
        progress.sent(byteSize)
        return asset
      } catch (error) {
        if (round === MAX_ROUNDS || !isOf(INCOMPLETE, error)) throw error
      }
    }
  }

  async function abandon(open: Open): Promise<void> {
    const token = open.access.token()
    await calls.abort(open.uploadId, { ...(token && { token }) }).catch(() => undefined)
    await remember(null)
  }

  async function carryThrough(open: Open): Promise<Uploaded> {
    const asset = await deliverAndConfirm(open).catch(async error => {
      // Some of the bytes are of another file now.
      if (isDarkroomError(error) && error.code === 'FILE_CHANGED') await abandon(open)
      throw error
    })
    return { asset, uploadId: open.uploadId, token: open.access.token(), sha256 }
  }

  progress.enter('presigning')
  const earlier = known && 'uploadId' in known ? await recall(known) : null
  if (earlier) {
    try {
      return await carryThrough(earlier)
    } catch (error) {
      if (!isOf(GONE, error)) throw error
      await remember(null)
    }
  }
  const created = await create(known && !('uploadId' in known) ? known : null)
  if (created.instructions?.type !== 'none') return carryThrough(created)
  progress.enter('confirming', { uploadId: created.uploadId, assetId: created.assetId })
  progress.sent(byteSize)
  return { asset: created.asset, uploadId: created.uploadId, token: created.access.token(), sha256 }
}

async function renewSingle(access: UploadAccess) {
  const upload = await access.renew()
  if (upload.type === 'single') return upload
  throw new DarkroomError({ code: 'INVALID_ANSWER', message: 'The service asks for parts where it asked for none.' })
}

/** Tells whether the object is in the store as a whole. */
const isWhole = ({ parts, receivedBytes, byteSize }: UploadState): boolean =>
  parts === null && receivedBytes === byteSize

function layoutOf(state: UploadState | null): { partSize: number; partCount: number } | null {
  if (!state || state.partSize === null || state.partCount === null) return null
  return { partSize: state.partSize, partCount: state.partCount }
}
