import { appError } from '@darkroom/contracts'
import fp from 'fastify-plugin'
import { InvalidFields, shown } from '../validation/invalid-fields.ts'
import { lossyNumbers } from './lossy-numbers.ts'

/** No request has more; what recurses over a body, here or in Postgres, would run out of stack at a few thousand. */
export const MAX_DEPTH = 100

/** Bodies are JSON, or nothing at all, and what cannot be kept as it was sent is refused. */
export const jsonPlugin = fp(
  async app => {
    const parseJson = app.getDefaultJsonParser('error', 'error')
    app.removeContentTypeParser(['application/json', 'text/plain'])
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
      // Many clients send `Content-Type: application/json` with every POST, also where there is nothing to say.
      if (body.length === 0) return done(null, undefined)
      const text = decode(Buffer.from(body))
      if (text === null) return done(appError('INVALID_REQUEST', 'The body is not valid UTF-8.'))
      parseJson(request, text, (error, value) => {
        if (error) done(appError('INVALID_REQUEST', 'The body is not valid JSON.', { cause: error }))
        else if (isDeeperThan(value, MAX_DEPTH)) done(tooDeep())
        else done(faultOf(text, value), value)
      })
    })
  },
  { name: 'json', fastify: '5.x' },
)

/** Decodes the text of a body; null when it is not valid UTF-8, which a decoder would replace by other characters. */
function decode(body: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return null
  }
}

function faultOf(text: string, value: unknown): Error | null {
  const changed = lossyNumbers(text, value)
  if (changed.length === 0) return null
  return new InvalidFields(
    changed.map(({ path, source }) => ({
      path: ['body', ...path].join('.'),
      message: `expected a number that JSON can represent exactly; send ${shown(source)} as a string`,
    })),
  )
}

const tooDeep = () => appError('INVALID_REQUEST', `The body has more than ${MAX_DEPTH} levels of nesting.`)

/** Tells whether a value is nested deeper than `levels`. */
export const isDeeperThan = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some(child => isDeeperThan(child, levels - 1)))
