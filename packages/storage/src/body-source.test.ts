import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { checkBodySize, withRange } from './body-source.ts'

const SMALL = 100
/** More than is read in one go. */
const LARGE = 5 * 1024 * 1024

async function files(bytes: number) {
  const dir = await mkdtemp(path.join(tmpdir(), 'body-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const [file, link] = [path.join(dir, 'file'), path.join(dir, 'link')]
  await writeFile(file, Buffer.alloc(bytes, 1))
  await symlink(file, link)
  return { file, link }
}

const read = (file: string, length: number) =>
  withRange({ file }, { start: 0, length }, undefined, async body =>
    Buffer.isBuffer(body) ? body : await buffer(body as Readable),
  )

it.each([SMALL, LARGE])('a file of %i bytes is read, and a link to it is not followed', async bytes => {
  const { file, link } = await files(bytes)
  expect(await read(file, bytes)).toHaveLength(bytes)
  await expect(read(link, bytes)).rejects.toMatchObject({ code: 'INTERNAL' })
  await expect(checkBodySize({ file }, bytes)).resolves.toBeUndefined()
})
