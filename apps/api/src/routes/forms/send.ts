import { appError, type CreateForm, UploadConfirmed } from '@darkroom/contracts'
import { readAssetRecord } from '@darkroom/db/assets'
import { cleanFilename, receiveStream } from '@darkroom/ingest'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { readFormToken } from '../../auth/form-token.ts'
import { projectOf } from '../../auth/principal.ts'
import type { ApiDeps } from '../../deps.ts'
import { presentAsset, presentJob } from '../../presenters/asset.ts'
import { problems, type Route, withZod } from '../route.ts'
import { type FormFile, readForm } from './read-form.ts'

const FORM = 'multipart/form-data'
/** Room for what a form has besides its file. */
const OVERHEAD_BYTES = 128 * 1024

/** Takes a plain HTML form with a file, which passes through the API: for pages without a script. */
export const sendFormRoute: Route = (app, deps) => {
  void app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(FORM, (_request, _body, done) => done(null))
    withZod(scope).post(
      '/v1/uploads/form',
      {
        config: { streamsBody: true },
        schema: {
          operationId: 'sendForm',
          tags: ['Uploads'],
          summary: 'Send an upload form',
          description: `For browsers that send a form of \`POST /v1/uploads/forms\`. The body is \`${FORM}\`: the field \`token\`, then one file. Needs no API key: the token gives access. With \`redirectTo\`, the answer is a redirect (303).`,
          response: { 201: UploadConfirmed, ...problems },
        },
      },
      async (request, reply) => {
        reply.header('connection', 'close')
        const maxBytes = mostBytesOf(request, deps)
        const { form, asset, job } = await readForm(request.raw, file => receive(deps, request, reply, file, maxBytes))
        if (form.redirectTo) return reply.redirect(withAsset(form.redirectTo, asset.id), 303)
        const record = await readAssetRecord(deps.database.db, asset)
        return reply.code(201).send({ asset: presentAsset(deps, record), job: presentJob(job) })
      },
    )
  })
}

/** @returns how many bytes the file can have at most, which a form does not say. @throws TOO_LARGE, INVALID_REQUEST */
function mostBytesOf({ headers }: FastifyRequest, { settings: { formMaxBytes } }: ApiDeps): number {
  const length = Number(headers['content-length'] ?? Number.NaN)
  if (!Number.isSafeInteger(length)) throw appError('INVALID_REQUEST', 'A form needs a Content-Length.')
  if (length > formMaxBytes + OVERHEAD_BYTES)
    throw appError('TOO_LARGE', `The form has ${length} bytes. The maximum is ${formMaxBytes}.`)
  return Math.min(Math.max(1, length), formMaxBytes)
}

async function receive(
  deps: ApiDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { token, filename, contentType, body }: FormFile,
  byteSize: number,
) {
  const claims = readFormToken(token, deps.settings.secret, deps.clock.now())
  if (!claims) throw appError('UNAUTHORIZED', 'The form has expired, or its token is invalid. Load the page again.')
  await request.server.admitForm(request, reply, claims.projectId)
  const project = projectOf(request.principal)
  const { redirectTo: _, expiresInSec: __, ...given } = claims.form
  const most = Math.min(byteSize, project.maxUploadBytes ?? Number.POSITIVE_INFINITY, deps.settings.maxUploadBytes)
  const asked = { ...given, filename, contentType, byteSize: most, multipart: false }
  const confirmed = await receiveStream(deps, { project, body: asked, filename: cleanFilename(filename) }, body)
  return { form: claims.form as CreateForm, ...confirmed }
}

function withAsset(redirectTo: string, assetId: string): string {
  const url = new URL(redirectTo)
  url.searchParams.set('assetId', assetId)
  return url.href
}
