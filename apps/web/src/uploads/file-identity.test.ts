import { expect, test } from 'vitest'
import { type FileIdentity, fingerprintOf, isSameFile } from './file-identity.ts'

const LARGE_BYTES = 3_000_000

function bytes(size: number, changeAt?: number): Uint8Array<ArrayBuffer> {
  const all = Uint8Array.from({ length: size }, (_, index) => (index * 31) % 251)
  if (changeAt !== undefined) all[changeAt] = 255
  return all
}
const fileOf = (content: Uint8Array<ArrayBuffer>, { name = 'a.mov', lastModified = 5 } = {}) =>
  new File([content], name, { lastModified })
const identityOf = async (file: File): Promise<FileIdentity> => ({
  name: file.name,
  byteSize: file.size,
  lastModified: file.lastModified,
  fingerprint: await fingerprintOf(file),
})

test('of the same content is the same', async () => {
  expect(await fingerprintOf(fileOf(bytes(LARGE_BYTES)))).toBe(await fingerprintOf(fileOf(bytes(LARGE_BYTES))))
  expect(await fingerprintOf(new Blob([]))).toMatch(/^[0-9a-f]{16}$/)
})

test.each([0, 1_369_500, LARGE_BYTES - 1])('differs when byte %i of a large file does', async changeAt => {
  expect(await fingerprintOf(fileOf(bytes(LARGE_BYTES, changeAt)))).not.toBe(
    await fingerprintOf(fileOf(bytes(LARGE_BYTES))),
  )
})

test.each<[string, File, boolean]>([
  ['itself', fileOf(bytes(LARGE_BYTES)), true],
  ['one of another name', fileOf(bytes(LARGE_BYTES), { name: 'b.mov' }), false],
  ['one of another length', fileOf(bytes(LARGE_BYTES - 1)), false],
  ['one of other content', fileOf(bytes(LARGE_BYTES, LARGE_BYTES - 1)), false],
  ['one of which not every byte was compared, of another date', fileOf(bytes(LARGE_BYTES), { lastModified: 6 }), false],
])('a large file takes %s for the same: %s', async (_, other, isSame) => {
  expect(await isSameFile(await identityOf(fileOf(bytes(LARGE_BYTES))), other)).toBe(isSame)
})

test('a small file takes a copy of it for the same, whatever its date', async () => {
  const known = await identityOf(fileOf(bytes(1000)))
  expect(await isSameFile(known, fileOf(bytes(1000), { lastModified: 6 }))).toBe(true)
  expect(await isSameFile(known, fileOf(bytes(1000, 500), { lastModified: 6 }))).toBe(false)
})

test('one whose content was not read in time goes by its date', async () => {
  const known = { ...(await identityOf(fileOf(bytes(1000)))), fingerprint: null }
  expect(await isSameFile(known, fileOf(bytes(1000)))).toBe(true)
  expect(await isSameFile(known, fileOf(bytes(1000), { lastModified: 6 }))).toBe(false)
})
