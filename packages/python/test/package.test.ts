import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { requireTool } from '@darkroom/testing'
import { describe, expect, it } from 'vitest'
import { PHOTO, sha256 } from '../../../apps/worker/test/harness.ts'
import { PYTHON } from './run-python.ts'
import { useService } from './service.ts'

const PACKAGE = join(import.meta.dirname, '..')
const run = promisify(execFile)

/** Tells whether Debian's Python can build a wheel without a network. */
const hasPip = async (): Promise<boolean> => {
  const isThere = await run(PYTHON, ['-c', 'import setuptools, wheel, pip']).then(
    () => true,
    () => false,
  )
  if (!isThere && process.env.CI) throw new Error('pip is missing: apt-get install -y python3-pip')
  return isThere
}

/** Builds a wheel out of a copy, because setuptools leaves files beside the sources. */
async function buildWheel(folder: string): Promise<string> {
  const source = join(folder, 'source')
  await cp(PACKAGE, source, { recursive: true, filter: path => !path.endsWith('__pycache__') })
  const pip = ['-m', 'pip', '--disable-pip-version-check', 'wheel', '--no-deps', '--no-index', '--no-build-isolation']
  await run(PYTHON, [...pip, '--wheel-dir', join(folder, 'wheels'), source])
  const [wheel] = await readdir(join(folder, 'wheels'))
  return join(folder, 'wheels', wheel ?? '')
}

/** Installs a wheel into a new environment that has nothing else, not even pip. Returns its Python. */
async function installWheel(folder: string, wheel: string): Promise<string> {
  const environment = join(folder, 'environment')
  await run(PYTHON, ['-m', 'venv', '--without-pip', environment])
  const python = join(environment, 'bin/python')
  const pip = ['-m', 'pip', '--disable-pip-version-check', '--python', python, 'install', '--no-index', '--no-compile']
  await run(PYTHON, [...pip, wheel])
  return python
}

/** Returns the first program of the README. */
async function firstExample(): Promise<string> {
  const [, example] = /^```python\n([\s\S]*?)^```$/m.exec(await readFile(join(PACKAGE, 'README.md'), 'utf8')) ?? []
  if (!example) throw new Error('the README has no example')
  return example
}

describe.skipIf(!requireTool(PYTHON, 'python3') || !(await hasPip()))('the Python package', () => {
  const service = useService()

  it('is a wheel that installs where nothing else is, and runs the example of its README', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'darkroom-wheel-'))
    try {
      const wheel = await buildWheel(folder)
      expect((await stat(wheel)).size).toBeLessThan(60_000)
      const python = await installWheel(folder, wheel)
      await writeFile(join(folder, 'example.py'), await firstExample())
      await writeFile(join(folder, 'photo.jpg'), PHOTO)
      const { url: DARKROOM_URL, key: DARKROOM_KEY } = service
      const env = { PATH: process.env.PATH, XDG_STATE_HOME: join(folder, 'state'), DARKROOM_URL, DARKROOM_KEY }
      const { stdout } = await run(python, ['example.py'], { cwd: folder, env })
      const [name, variantUrl] = stdout.split('\n')[0]?.split(' ') ?? []
      expect(name).toMatch(/^[a-z]/)
      expect((await fetch(variantUrl ?? '')).status).toBe(200)
      expect(sha256(await readFile(join(folder, 'original.jpg')))).toBe(sha256(PHOTO))
      const { stdout: typed } = await run(python, ['-c', 'import darkroom; print(darkroom.__path__[0])'], { env })
      expect(await readdir(typed.trim())).toContain('py.typed')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
