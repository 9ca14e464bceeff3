import { CreateUpload, UploadCreated } from '@darkroom/contracts'
import { cleanFilename, type OpenedUpload, openUpload } from '@darkroom/ingest'
import { projectOf } from '../../auth/principal.ts'
import type { ApiDeps } from '../../deps.ts'
import { idempotent } from '../../idempotency/idempotent.ts'
import { presentAsset } from '../../presenters/asset.ts'
import { clientTokenOf } from '../../presenters/upload.ts'
import { problems, type Route, withZod } from '../route.ts'

/** Says where to put the bytes of a new asset, unless the project has them already. */
export const createUploadRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/uploads',
    {
      onRequest: app.requireScope('upload'),
      config: { sends: ['Location'] },
      schema: {
        operationId: 'createUpload',
        tags: ['Uploads'],
        summary: 'Create an upload',
        body: CreateUpload,
        response: { 201: UploadCreated, ...problems },
      },
    },
    async (request, reply) => {
      const { body, headers, principal } = request
      const asked = { project: projectOf(principal), body, filename: cleanFilename(body.filename) }
      const opened = await openUpload(deps, asked, {
        isRepeatable: headers['idempotency-key'] !== undefined,
        run: work => idempotent(deps, request, reply, work),
      })
      return reply.code(201).header('location', `/v1/uploads/${opened.upload.id}`).send(presentCreated(deps, opened))
    },
  )
}

/** Presents a new upload, with the token for its browser. */
export const presentCreated = (deps: ApiDeps, { record, upload, instructions }: OpenedUpload): UploadCreated => ({
  asset: presentAsset(deps, record),
  upload: instructions,
  clientToken: clientTokenOf(deps, upload),
})
