import { appError } from '@darkroom/contracts'
import { findTusUpload, type UploadWithAsset } from '@darkroom/db/uploads'
import { asOnlyWriter, type Writer } from '@darkroom/ingest'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { uploadOf } from '../uploads/open-upload.ts'

type RequestWithId = FastifyRequest<{ Params: { id: string } }>
type FoundTusUpload = NonNullable<Awaited<ReturnType<typeof findTusUpload>>>

/** An upload by tus, read while nobody else writes it. */
export interface TusTurn extends FoundTusUpload {
  found: UploadWithAsset
  writer: Writer
}

/**
 * Finds the upload by tus of the path, if it belongs to the caller, and does work as its only writer.
 * @throws NOT_FOUND also for an upload that was not created by tus; ASSET_DELETED; UPLOAD_LOCKED
 */
export async function withTusUpload<T>(
  deps: ApiDeps,
  request: RequestWithId,
  work: (turn: TusTurn) => Promise<T>,
): Promise<T> {
  const { db } = deps.database
  const { upload } = await uploadOf(db, request)
  if (!(await findTusUpload(db, upload.id))) throw appError('NOT_FOUND')
  return asOnlyWriter({ ...deps, isStopping: () => isStopping(request.server) }, upload.id, async writer => {
    // As they are now: whoever wrote before has ended.
    const found = await uploadOf(db, request)
    const tus = await findTusUpload(db, upload.id)
    if (!tus) throw appError('NOT_FOUND')
    return work({ ...tus, found, writer })
  })
}

const isStopping = (app: FastifyInstance): boolean => app.connections.isDraining
