import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { appError } from '@darkroom/contracts'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'

export interface FormFile {
  /** Of the input `token`, which stands before the file. */
  token: string
  filename: string
  contentType: string
  body: Readable
}

const LIMITS = { fieldNameSize: 100, fieldSize: 64 * 1024, fields: 20, files: 1, headerPairs: 50 }

/** @throws INVALID_REQUEST for a body that is no form, or has no boundary */
function parserOf({ headers }: IncomingMessage): Busboy {
  try {
    return new Busboy({ headers: headers as BusboyHeaders, limits: LIMITS })
  } catch (cause) {
    throw appError('INVALID_REQUEST', 'Send the form as multipart/form-data.', { cause })
  }
}

/** A connection on which nothing moves for so long is lost; the store may take as long. */
const IDLE_MS = 120_000

/**
 * Reads a form up to its file, and hands that over while it comes. Resolves with what `take` made of it once the form has ended.
 * @throws INVALID_REQUEST when there is no token before the file, no file, or it is no form; REQUEST_TIMEOUT when it ends early
 */
export async function readForm<T>(raw: IncomingMessage, take: (file: FormFile) => Promise<T>): Promise<T> {
  const parser = parserOf(raw)
  let token = ''
  let taken: Promise<T> | null = null
  let file: Readable | null = null
  const ended = new Promise<void>((resolve, reject) => {
    parser.on('field', (name, value) => {
      if (name === 'token') token = value
    })
    parser.on('file', (_name, body, filename, _encoding, contentType) => {
      // Of one that nobody reads any more.
      body.on('error', () => undefined)
      if (taken || token === '') {
        body.resume()
        if (token === '') reject(appError('INVALID_REQUEST', 'The input "token" must stand before the file.'))
        return
      }
      file = body
      taken = take({ token, filename, contentType, body })
      taken.catch(error => {
        body.resume()
        reject(error)
      })
    })
    parser.once('finish', resolve)
    parser.once('error', cause => reject(appError('INVALID_REQUEST', 'The form cannot be read.', { cause })))
    raw.once('close', () => {
      if (raw.complete) return
      file?.destroy(appError('REQUEST_TIMEOUT'))
      reject(appError('REQUEST_TIMEOUT'))
    })
  })
  raw.setTimeout(IDLE_MS, () => raw.destroy())
  raw.pipe(parser)
  await ended.finally(() => raw.unpipe(parser))
  if (!taken) throw appError('INVALID_REQUEST', 'The form has no file.')
  return taken
}
