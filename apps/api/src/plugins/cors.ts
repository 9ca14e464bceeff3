import { appError } from '@darkroom/contracts'
import { isBrowserOrigin, type Project } from '@darkroom/db/projects'
import cors from '@fastify/cors'
import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import type { ApiDeps, ApiSettings } from '../deps.ts'
import { isLoopbackOrigin } from './local-guard.ts'

const ALLOWED = 'access-control-allow-origin'
const EXPOSED = ['ETag', 'Location', 'Retry-After', 'Idempotency-Replayed', 'X-Request-Id']
const EXPOSED_OF_TUS = [
  'Tus-Resumable',
  'Tus-Version',
  'Tus-Extension',
  'Tus-Max-Size',
  'Upload-Offset',
  'Upload-Length',
  'Upload-Metadata',
  'Upload-Expires',
  'Darkroom-Asset-Id',
  'Darkroom-Client-Token',
]

/**
 * Which pages may talk to this API. A browser asks beforehand without a key, so the answer to that is whether any project
 * lists the origin; the request itself then has a key, and `checkOrigin` asks its project.
 */
export const corsPlugin = fp<{ deps: ApiDeps }>(
  async (app, { deps: { settings, database } }) => {
    const isListed = async (origin: string): Promise<boolean> =>
      isOfInstallation(settings, origin) || (isStorable(origin) && (await isBrowserOrigin(database.db, origin)))
    await app.register(cors, {
      origin: (origin, answer) => {
        if (origin === undefined) answer(null, false)
        else
          isListed(origin).then(
            is => answer(null, is),
            (error: Error) => answer(error, false),
          )
      },
      methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
      exposedHeaders: [...EXPOSED, ...EXPOSED_OF_TUS],
      maxAge: 3600,
    })
  },
  { name: 'cors', fastify: '5.x' },
)

/** @throws FORBIDDEN for a page that another project lists, but not this one */
export function checkOrigin(settings: ApiSettings, reply: FastifyReply, project: Project | null): void {
  const origin = reply.getHeader(ALLOWED)
  if (typeof origin !== 'string' || isOfInstallation(settings, origin)) return
  if (project?.browserOrigins.includes(origin)) return
  reply.removeHeader(ALLOWED)
  throw appError('FORBIDDEN', 'The origin of this web page is not in `browserOrigins` of the project.')
}

const isOfInstallation = ({ mode, corsOrigins }: ApiSettings, origin: string): boolean =>
  corsOrigins.includes(origin) || (mode === 'local' && isLoopbackOrigin(origin))

/** Checks that an origin has the form of those in a list. A header may contain text that Postgres cannot store. */
const isStorable = (origin: string): boolean => /^https?:\/\/[\x21-\x7e]{1,300}$/.test(origin)
