import { createHash } from 'node:crypto'
import type { ChunkSigning } from '../auth/identity.ts'
import { equalSignatures, formatScope, sha256Hex, signHex } from '../auth/signature.ts'
import { s3Error } from '../errors.ts'

/** AWS's own chunks are 64 KiB to 1 MiB; a line is a size and one signature, or one trailer. */
const maxLineBytes = 4096
const emptyHash = sha256Hex('')

/** Reads lines and counted bytes from a stream of buffers, without copying the data. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>
  #buffer: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async #fill(): Promise<Buffer> {
    const { done, value } = await this.#source.next()
    if (done) throw s3Error('IncompleteBody')
    return value
  }

  async line(): Promise<string> {
    let end = this.#buffer.indexOf('\r\n')
    while (end === -1) {
      if (this.#buffer.length > maxLineBytes) throw s3Error('InvalidRequest', 'A chunk header is too long.')
      this.#buffer = Buffer.concat([this.#buffer, await this.#fill()])
      end = this.#buffer.indexOf('\r\n')
    }
    const line = this.#buffer.toString('latin1', 0, end)
    this.#buffer = this.#buffer.subarray(end + 2)
    return line
  }

  async *bytes(count: number): AsyncGenerator<Buffer> {
    let left = count
    while (left > 0) {
      if (this.#buffer.length === 0) this.#buffer = await this.#fill()
      const piece = this.#buffer.subarray(0, left)
      this.#buffer = this.#buffer.subarray(piece.length)
      left -= piece.length
      yield piece
    }
  }

  /** Reads to the end of the request, so the connection can be used again. */
  async drain() {
    while (!(await this.#source.next()).done) this.#buffer = Buffer.alloc(0)
  }
}

export interface ChunkedBody {
  source: AsyncIterable<Buffer>
  /** Absent for `STREAMING-UNSIGNED-PAYLOAD-TRAILER`, whose chunks carry no signatures. */
  signing: ChunkSigning | undefined
  hasTrailer: boolean
  onTrailer(name: string, value: string): void
}

/**
 * Decodes an `aws-chunked` body and verifies each chunk's signature; see
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html. Bytes are handed on before their chunk's signature
 * is known: whoever stores them must do so only when the stream ended without an error.
 */
export async function* decodeAwsChunked({ source, signing, hasTrailer, onTrailer }: ChunkedBody) {
  const reader = new ByteReader(source)
  let previous = signing?.seedSignature ?? ''

  function verify(kind: string, hashes: string[], signature: string | undefined) {
    if (!signing) return
    const { timestamp, scope, signingKey } = signing
    const text = [`AWS4-HMAC-SHA256-${kind}`, timestamp, formatScope(scope), previous, ...hashes].join('\n')
    const expected = signHex(signingKey, text)
    if (!equalSignatures(signature ?? '', expected)) throw s3Error('SignatureDoesNotMatch')
    previous = expected
  }

  for (;;) {
    const header = /^([0-9a-fA-F]{1,10})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(await reader.line())
    if (!header) throw s3Error('InvalidRequest', 'A chunk header is malformed.')
    const size = Number.parseInt(header[1] ?? '', 16)
    const hash = signing ? createHash('sha256') : undefined
    for await (const piece of reader.bytes(size)) {
      hash?.update(piece)
      yield piece
    }
    verify('PAYLOAD', [emptyHash, hash?.digest('hex') ?? ''], header[2])
    if (size === 0) break
    if ((await reader.line()) !== '') throw s3Error('InvalidRequest', 'A chunk is longer than its header says.')
  }

  const trailers: string[] = []
  let trailerIsSigned = false
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const at = line.indexOf(':')
    const name = line.slice(0, at).trim().toLowerCase()
    const value = line.slice(at + 1).trim()
    if (name === 'x-amz-trailer-signature') {
      verify('TRAILER', [sha256Hex(trailers.join(''))], value)
      trailerIsSigned = true
      continue
    }
    trailers.push(`${name}:${value}\n`)
    onTrailer(name, value)
  }
  if (hasTrailer && signing && !trailerIsSigned) throw s3Error('SignatureDoesNotMatch')
  await reader.drain()
}
