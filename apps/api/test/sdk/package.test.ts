import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { useResource } from '@darkroom/testing/use-resource'
import { rolldown } from 'rolldown'
import { beforeAll, describe, expect, it } from 'vitest'
import { BYTES, finishAsset } from '../harness.ts'
import { useTestApi } from '../use-test-api.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const SDK = join(ROOT, 'packages/sdk')
const BIN = join(ROOT, 'node_modules/.bin')
const run = promisify(execFile)

/** An empty project into which the package was installed as npm packs it. */
async function installPackage() {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-sdk-package-'))
  const built = join(folder, 'built')
  const project = join(folder, 'project')
  await run(process.execPath, [join(SDK, 'tools/build.ts'), built])
  await mkdir(project)
  await writeFile(join(project, 'package.json'), '{ "name": "empty", "type": "module", "private": true }')
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: built })
  const tarball = (await readdir(folder)).find(name => name.endsWith('.tgz')) ?? ''
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, tarball)], { cwd: project })
  return { built, project, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Returns how much a browser loads for this module, without React itself. */
async function compressedBytes(input: string): Promise<number> {
  // It warns of 'use client', which means nothing in one file.
  const bundle = await rolldown({ input, external: /^react(\/|$)/, logLevel: 'silent' })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  const code = output.map(chunk => (chunk.type === 'chunk' ? chunk.code : '')).join('')
  return gzipSync(code, { level: 9 }).length
}

const installed = useResource(installPackage, ({ remove }) => remove())
const api = useTestApi()
beforeAll(() => api.app.listen({ host: '127.0.0.1', port: 0 }))

describe('the npm package of the SDK', () => {
  it('depends on nothing', async () => {
    expect(await readdir(join(installed.project, 'node_modules'))).toEqual(['.package-lock.json', '@darkroom'])
    expect(await readdir(join(installed.project, 'node_modules/@darkroom'))).toEqual(['sdk'])
  })

  it('has less than 15 kB compressed, and React adds less than 5 kB', async () => {
    const both = join(installed.built, 'both.js')
    await writeFile(both, "export * from './index.js'\nexport * from './react/index.js'\n")
    const bytes = await compressedBytes(join(installed.built, 'index.js'))
    const withReact = await compressedBytes(both)
    expect(bytes).toBeGreaterThan(7000)
    expect(bytes).toBeLessThan(15_000)
    expect(withReact).toBeGreaterThan(bytes + 1000)
    expect(withReact).toBeLessThan(bytes + 5000)
  })

  it('has a crop dialog that pages without it do not load, of less than 6 kB', async () => {
    const bytes = await compressedBytes(join(installed.built, 'react/crop/index.js'))
    expect(bytes).toBeGreaterThan(2000)
    expect(bytes).toBeLessThan(6000)
    expect(await readFile(join(installed.built, 'react/index.js'), 'utf8')).not.toContain('crop/')
  })

  it('tells servers of React that its hooks are for the browser', async () => {
    expect(await readFile(join(installed.built, 'react/index.js'), 'utf8')).toMatch(/^['"]use client['"]/)
  })

  it('has nothing of Node in what browsers load', async () => {
    const bundle = await rolldown({ input: join(installed.built, 'index.js'), platform: 'browser' })
    const { output } = await bundle.generate({ format: 'esm' })
    await bundle.close()
    expect(output.flatMap(chunk => (chunk.type === 'chunk' ? chunk.imports : []))).toEqual([])
  })

  it('has types that compile, and that know a wrong call', async () => {
    const { project } = installed
    const program = (line: string) =>
      `import { createDarkroom, type Asset } from '@darkroom/sdk'\nconst darkroom = createDarkroom({ url: '' })\n${line}\n`
    await writeFile(join(project, 'right.mts'), program("export const a: Promise<Asset> = darkroom.assets.get('id')"))
    await writeFile(join(project, 'wrong.mts'), program("export const a = darkroom.assets.list({ kind: 'movie' })"))
    const compile = (file: string) =>
      run(
        join(BIN, 'tsc'),
        [
          '--noEmit',
          '--strict',
          '--module',
          'nodenext',
          '--target',
          'es2024',
          '--lib',
          'es2024,dom,dom.iterable',
          '--types',
          '',
          file,
        ],
        {
          cwd: project,
        },
      ).then(
        () => '',
        ({ stdout }) => stdout,
      )
    expect(await compile('right.mts')).toBe('')
    expect(await compile('wrong.mts')).toContain('"movie"')
  })

  /** Runs a program in the project on a photo, and finishes the asset as a worker does. */
  async function runOnPhoto(args: string[]) {
    const { project } = installed
    const url = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`
    await writeFile(join(project, 'beach.jpg'), BYTES)
    const env = { ...process.env, DARKROOM_URL: url, DARKROOM_KEY: api.key, XDG_STATE_HOME: join(project, 'state') }
    const running = run(process.execPath, args, { cwd: project, env }).then(
      ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
      ({ stdout, stderr, code }) => ({ stdout, stderr, code }),
    )
    const processing = async () => (await api.call('GET', '/v1/assets?status=processing')).json().items
    await expect.poll(async () => (await processing()).length).toBe(1)
    const [{ id }] = await processing()
    const asset = (await api.call('GET', `/v1/assets/${id}`)).json()
    await finishAsset(api, { asset, job: asset.job }, createHash('sha256').update(BYTES).digest('hex'))
    return running
  }

  it('runs the first example of its README', async () => {
    const { project } = installed
    const readme = await readFile(join(project, 'node_modules/@darkroom/sdk/README.md'), 'utf8')
    const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
    await writeFile(join(project, 'example.mjs'), example)
    const { stdout } = await runOnPhoto(['example.mjs'])
    expect(stdout).toMatch(/^\[\s*'thumb https:\/\/cdn\.example\.com\/.*'\s*\]\n$/)
  })

  it('runs the example for Node, which prints URLs, and says what to do about a file that fails', async () => {
    await cp(join(ROOT, 'examples/node/upload.js'), join(installed.project, 'upload.js'))
    const { stdout, stderr, code } = await runOnPhoto(['upload.js', 'missing.jpg', 'beach.jpg'])
    expect(stdout).toMatch(/^beach\.jpg thumb https:\/\/cdn\.example\.com\/\S+\n$/)
    expect(stderr).toMatch(/^missing\.jpg: FILE_UNREADABLE\. .+\.\n$/)
    expect(code).toBe(1)
  })
})
