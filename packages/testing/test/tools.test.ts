import { existsSync } from 'node:fs'
import { afterEach, expect, it, vi } from 'vitest'
import { corpus, corpusFiles, requireTool } from '../src/index.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

it('finds a program that is installed', () => {
  expect(requireTool('sh', 'dash')).toBe(true)
})

it('names the package on a person’s machine and throws in CI when a program is missing', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  vi.stubEnv('CI', '')
  expect(requireTool('no-such-program', 'such-package')).toBe(false)
  expect(warn).toHaveBeenCalledWith('skipped, because no-such-program is missing: apt-get install -y such-package')
  vi.stubEnv('CI', 'true')
  expect(() => requireTool('no-such-program', 'such-package')).toThrow('apt-get install -y such-package')
})

it('says where it looked for a corpus that is not there', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  vi.stubEnv('DARKROOM_CORPUS', '/no/such/folder')
  expect(corpus()).toBeNull()
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('/no/such/folder/dev'))
})

const dev = corpus()
it.skipIf(dev === null)('reads of every file of the corpus what is expected of it', () => {
  const files = corpusFiles(dev ?? '')
  expect(files.length).toBeGreaterThan(20)
  expect(files.filter(({ path }) => !existsSync(path))).toEqual([])
  expect(files.filter(({ expected }) => !/^(processed|rejected:|policy:)/.test(expected))).toEqual([])
  expect(files.find(({ file }) => file === 'jpeg-exif-orientation-6.jpg')).toMatchObject({
    uprightWidth: 600,
    uprightHeight: 450,
  })
})
