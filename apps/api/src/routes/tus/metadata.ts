import { appError, CreateUpload } from '@darkroom/contracts'
import { isDeeperThan, MAX_DEPTH } from '../../plugins/json.ts'
import { lossyNumbers } from '../../plugins/lossy-numbers.ts'
import { InvalidFields, shown } from '../../validation/invalid-fields.ts'
import { requestValidator } from '../../validation/request-validator.ts'

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const NAME = /^[\x21-\x2b\x2d-\x7e]+$/

const invalid = (name: string, message: string) =>
  new InvalidFields([{ path: `upload-metadata.${shown(name)}`, message }])

/**
 * Reads `Upload-Metadata`: pairs of a name and a value in base64, of text.
 * @throws INVALID_REQUEST for anything else, and for a name that is there twice
 */
export function parseUploadMetadata(header: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const pair of header.split(',').map(text => text.trim())) {
    if (pair === '') continue
    const [name = '', value = '', ...more] = pair.split(' ')
    if (!NAME.test(name) || !BASE64.test(value) || more.length > 0)
      throw appError('INVALID_REQUEST', 'Upload-Metadata must have pairs of a name and a value in base64.')
    if (values.has(name)) throw invalid(name, 'expected this name once')
    values.set(name, decode(name, value))
  }
  return values
}

function decode(name: string, value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(value, 'base64'))
  } catch {
    throw invalid(name, 'expected UTF-8 in base64')
  }
}

const validate = requestValidator({ schema: CreateUpload, httpPart: 'upload-metadata', method: '', url: '' }) as (
  sent: unknown,
) => { value?: CreateUpload; error?: Error }

/**
 * Returns the upload that metadata describes, by the same rules as the body of `POST /v1/uploads`. Clients name files and types in
 * two ways.
 * @throws INVALID_REQUEST naming each field
 */
export function uploadOfMetadata(values: Map<string, string>, byteSize: number): CreateUpload {
  const text = (...names: string[]) => names.map(name => values.get(name)).find(value => value !== undefined)
  const { value, error } = validate({
    filename: text('filename', 'name') ?? 'file',
    contentType: text('filetype', 'contentType', 'type') ?? '',
    byteSize,
    ...given('sha256', text('sha256')),
    ...given('preset', text('preset')),
    ...given('folder', text('folder')),
    ...given('externalId', text('externalId')),
    ...given('tags', listOf(text('tags'))),
    ...given('title', text('title')),
    ...given('altText', text('altText')),
    ...given('description', text('description')),
    ...given('focalPoint', jsonOf('focalPoint', text('focalPoint'))),
    ...given('metadata', jsonOf('metadata', text('metadata'))),
  })
  if (error) throw error
  return value as CreateUpload
}

const given = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value })

const listOf = (text: string | undefined) => text?.split(',').flatMap(tag => (tag.trim() === '' ? [] : tag.trim()))

function jsonOf(name: string, text: string | undefined): unknown {
  if (text === undefined) return undefined
  const value = parsed(text)
  if (isDeeperThan(value, MAX_DEPTH)) throw invalid(name, `expected at most ${MAX_DEPTH} levels of nesting`)
  if (lossyNumbers(text, value).length > 0) throw invalid(name, 'expected numbers that JSON can represent exactly')
  return value
}

/** Returns what is no JSON as the text that it is, which the schema refuses. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
