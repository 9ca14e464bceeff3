import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Plan } from '@darkroom/media'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readVariantFile } from './read-variant-file.ts'
import { fillIn, isIndex, withReferences } from './references.ts'

const KEYS = new Map([
  ['hls-360', 'variants/p/a/0123.m3u8'],
  ['secret', 'variants/p/a/4567.mp4'],
])

describe('references of a playlist', () => {
  it('become file names of the store, which are relative URLs', () => {
    expect(fillIn('#EXTM3U\n{{hls-360}}\n{{hls-360}}#t', ['hls-360'], KEYS)).toBe('#EXTM3U\n0123.m3u8\n0123.m3u8#t')
  })

  it('stay as they are when the plan does not name them', () => {
    expect(fillIn('{{secret}} {{nobody}} {{../x}}', ['hls-360', 'nobody'], KEYS)).toBe('{{secret}} {{nobody}} {{../x}}')
  })

  it('are looked for in playlists and cues only', () => {
    expect(
      ['application/vnd.apple.mpegurl', 'text/vtt', 'video/mp4', 'text/plain'].map(contentType =>
        isIndex({ contentType }),
      ),
    ).toEqual([true, true, false, false])
  })
})

it('a link that stands where a made file belongs is not followed', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'made-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  await writeFile(path.join(dir, 'secret'), 'secret')
  await symlink(path.join(dir, 'secret'), path.join(dir, 'hls.m3u8'))
  expect(String(readVariantFile(path.join(dir, 'secret'), 6))).toBe('secret')
  expect(() => readVariantFile(path.join(dir, 'hls.m3u8'), 6)).toThrow(expect.objectContaining({ code: 'ELOOP' }))
})

it('a playlist that is filled in overwrites nothing, whatever lies beside it', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'made-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const [victim, file] = ['victim', 'hls.m3u8'].map(name => path.join(dir, name)) as [string, string]
  await writeFile(victim, 'mine')
  await writeFile(file, '{{hls-360}}')
  for (const name of ['hls.published', 'hls.m3u8.published']) await symlink(victim, path.join(dir, name))
  const contentType = 'application/vnd.apple.mpegurl'
  const variant = { name: 'hls', file, contentType, byteSize: 11, width: null, height: null, sha256: '' }
  const plan = { variants: [{ name: 'hls', refersTo: ['hls-360'] }] } as unknown as Plan
  expect(String(withReferences({ plan, keys: KEYS }, variant))).toBe('0123.m3u8')
  expect(await readFile(victim, 'utf8')).toBe('mine')
})
