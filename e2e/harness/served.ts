import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Client } from './client.ts'
import type { Asset, Variant } from './contract.ts'
import { type ImageDecoder, type Probed, probe } from './decoders.ts'
import { sha256 } from './photos.ts'

/** Codecs that a browser plays, by content type. */
const CODECS: Record<string, RegExp> = {
  'video/mp4': /^(h264|aac)$/,
  'audio/mp4': /^aac$/,
  'audio/mpeg': /^mp3$/,
  'audio/ogg': /^opus$/,
}

/** Downloads every variant of an asset: it answers as the asset says, and opens in a decoder that did not write it. */
export async function expectServed(client: Client, decoder: ImageDecoder, asset: Asset): Promise<void> {
  const ready = asset.variants.filter(({ status }) => status === 'ready')
  expect(ready.length).toBeGreaterThan(0)
  for (const variant of ready) {
    const { status, headers, body } = await client.download(variant.url)
    const { name, contentType, byteSize } = variant
    const [servedType = '', charset] = headers.get('content-type')?.split('; ') ?? []
    const served = { name, status, contentType: servedType, byteSize: body.length, sha256: sha256(body) }
    expect(served).toEqual({ name, status: 200, contentType, byteSize, sha256: variant.sha256 })
    if (contentType.startsWith('text/')) expect(charset).toBe('charset=utf-8')
    await expectOpens(decoder, variant, body)
  }
}

async function expectOpens(decoder: ImageDecoder, variant: Variant, bytes: Uint8Array): Promise<void> {
  const { name, contentType, width, height } = variant
  if (contentType.startsWith('image/')) {
    expect({ name, ...(await decoder.decode(bytes, contentType)) }).toEqual({ name, width, height })
  } else if (CODECS[contentType]) await expectPlays(await probeBytes(bytes), variant)
  else if (contentType === 'application/json') JSON.parse(new TextDecoder().decode(bytes))
  else new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

async function expectPlays({ streams }: Probed, { name, contentType, width, height }: Variant): Promise<void> {
  expect(streams.length, name).toBeGreaterThan(0)
  for (const { codec_name } of streams) expect(codec_name, name).toMatch(CODECS[contentType] ?? /^$/)
  const video = streams.find(({ codec_type }) => codec_type === 'video')
  expect({ name, width: video?.width ?? null, height: video?.height ?? null }).toEqual({ name, width, height })
}

async function probeBytes(bytes: Uint8Array): Promise<Probed> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-served-'))
  try {
    const file = join(folder, 'variant')
    await writeFile(file, bytes)
    return await probe(file)
  } finally {
    await rm(folder, { recursive: true })
  }
}
