import { appError } from '@darkroom/contracts'
import fp from 'fastify-plugin'

/** No request has more; what recurses over a body, here or in Postgres, would run out of stack at a few thousand. */
const MAX_DEPTH = 100

/** Bodies are JSON, or nothing at all. */
export const jsonPlugin = fp(
  async app => {
    const parseJson = app.getDefaultJsonParser('error', 'error')
    app.removeContentTypeParser(['application/json', 'text/plain'])
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
      // Many clients send `Content-Type: application/json` with every POST, also where there is nothing to say.
      if (body.length === 0) done(null, undefined)
      else
        parseJson(request, String(body), (error, value) => {
          if (error) done(error)
          else if (isDeeperThan(value, MAX_DEPTH)) done(tooDeep())
          else done(null, value)
        })
    })
  },
  { name: 'json', fastify: '5.x' },
)

const tooDeep = () => appError('INVALID_REQUEST', `The body is nested more than ${MAX_DEPTH} deep.`)

/** Whether the value is nested deeper than `levels`. */
export const isDeeperThan = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some(child => isDeeperThan(child, levels - 1)))
