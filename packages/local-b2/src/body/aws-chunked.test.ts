import { expect, test } from 'vitest'
import { deriveSigningKey } from '../auth/signature.ts'
import { decodeAwsChunked } from './aws-chunked.ts'

// The example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
const scope = { date: '20130524', region: 'us-east-1', service: 's3' }
const signing = {
  signingKey: deriveSigningKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', scope),
  scope,
  timestamp: '20130524T000000Z',
  seedSignature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
}
const published = [
  `10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n${'a'.repeat(65_536)}\r\n`,
  `400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n${'a'.repeat(1024)}\r\n`,
  '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n',
].join('')

async function* inPieces(text: string, bytes: number) {
  for (let at = 0; at < text.length; at += bytes) yield Buffer.from(text.slice(at, at + bytes), 'latin1')
}

async function decode(text: string, options: { signed: boolean; trailer?: boolean; bytes?: number }) {
  const trailers: Record<string, string> = {}
  const decoded: Buffer[] = []
  const chunks = decodeAwsChunked({
    source: inPieces(text, options.bytes ?? 1000),
    signing: options.signed ? signing : undefined,
    hasTrailer: options.trailer ?? false,
    onTrailer: (name, value) => {
      trailers[name] = value
    },
  })
  for await (const chunk of chunks) decoded.push(chunk)
  return { text: Buffer.concat(decoded).toString('latin1'), trailers }
}

test.each([7, 1000, 100_000])('decodes the published signed body, arriving %i bytes at a time', async bytes => {
  const { text } = await decode(published, { signed: true, bytes })
  expect(text === 'a'.repeat(66_560)).toBe(true)
})

test.each([
  ['a changed byte', published.replace('aaaa', 'aaab'), 'SignatureDoesNotMatch'],
  ['swapped signatures', published.replace('ad80', '0055'), 'SignatureDoesNotMatch'],
  ['a missing signature', published.replace(/;chunk-signature=ad80\w+/, ''), 'SignatureDoesNotMatch'],
  ['a missing last chunk', published.slice(0, -90), 'IncompleteBody'],
  ['no size', `x${published}`, 'InvalidRequest'],
  ['a size that is too small', published.replace('10000;', 'ffff;'), 'SignatureDoesNotMatch'],
])('refuses a signed body with %s', async (_name, text, code) => {
  await expect(decode(text, { signed: true })).rejects.toMatchObject({ code })
})

test('reads the trailers of an unsigned body', async () => {
  const body = '5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32: DUoRhQ==\r\n\r\n'
  expect(await decode(body, { signed: false, trailer: true, bytes: 3 })).toEqual({
    text: 'hello world',
    trailers: { 'x-amz-checksum-crc32': 'DUoRhQ==' },
  })
})

test('refuses a chunk longer than its size, and an endless header', async () => {
  await expect(decode('2\r\nabc\r\n0\r\n\r\n', { signed: false })).rejects.toMatchObject({ code: 'InvalidRequest' })
  await expect(decode('1'.repeat(10_000), { signed: false })).rejects.toMatchObject({ code: 'InvalidRequest' })
})

test('refuses signed trailers without their signature', async () => {
  await expect(decode(published, { signed: true, trailer: true })).rejects.toMatchObject({
    code: 'SignatureDoesNotMatch',
  })
})
