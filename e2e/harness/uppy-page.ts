import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { REPO_ROOT } from './darkroom.ts'

const run = promisify(execFile)

/** Versions of Uppy: where each is installed, and which program of the guide is for it. */
const VERSIONS = {
  5: { installedIn: 'packages/uppy', program: 'upload-5.js' },
  6: { installedIn: 'e2e', program: 'upload.js' },
} as const

export type UppyVersion = keyof typeof VERSIONS

/** Bundles the program of the guide in this folder, as the guide's own command does, with this version of Uppy. */
export async function bundleGuide(folder: string, version: UppyVersion): Promise<void> {
  const { installedIn, program } = VERSIONS[version]
  const contents = await readFile(join(folder, program), 'utf8')
  await build({
    stdin: { contents, resolveDir: join(REPO_ROOT, installedIn) },
    bundle: true,
    format: 'esm',
    outfile: join(folder, 'public/upload.js'),
    logLevel: 'error',
  })
}

/**
 * Installs the npm package of `@darkroom/uppy` in an empty project, and bundles the first example of the README that it brings. Uppy itself is that of
 * this repository.
 * @returns the program
 */
export async function bundleReadmeExample(folder: string): Promise<string> {
  const dist = join(folder, 'dist')
  await run(join(REPO_ROOT, 'node_modules/.bin/node'), [join(REPO_ROOT, 'packages/uppy/tools/build.ts'), dist])
  const project = join(folder, 'project')
  await mkdir(project)
  await writeFile(join(project, 'package.json'), '{ "name": "empty", "type": "module", "private": true }')
  const { stdout } = await run('npm', ['pack', dist, '--silent', '--pack-destination', folder])
  const install = ['install', '--offline', '--no-audit', '--no-fund', join(folder, stdout.trim())]
  await run('npm', install, { cwd: project })
  const readme = await readFile(join(project, 'node_modules/@darkroom/uppy/README.md'), 'utf8')
  const [, contents = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(readme) ?? []
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: project, loader: 'ts' },
    nodePaths: [join(REPO_ROOT, 'node_modules')],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}

/** Finds what a person sees in Uppy's Dashboard. */
export const dashboardOf = (page: Page) => ({
  chooseFile: page.locator('input.uppy-Dashboard-input').first(),
  /** Starts new files, or continues those that Golden Retriever has found. */
  upload: page.locator('.uppy-StatusBar-actionBtn--upload'),
  retry: page.locator('.uppy-StatusBar-actionBtn--retry'),
  pause: page.locator('.uppy-StatusBar-actionCircleBtn[title=Pause]'),
  resume: page.locator('.uppy-StatusBar-actionCircleBtn[title=Resume]'),
  cancel: page.locator('.uppy-StatusBar-actionCircleBtn[title=Cancel]'),
  complete: page.locator('.uppy-StatusBar.is-complete'),
})

/** Watches the PUTs of one page to the store. */
export function watchPuts(page: Page) {
  const finished: string[] = []
  const paths = new Set<string>()
  const nameOf = (url: string) => new URL(url).searchParams.get('partNumber') ?? 'whole'
  page.on('request', request => {
    if (request.method() === 'PUT') paths.add(new URL(request.url()).pathname)
  })
  page.on('response', response => {
    if (response.request().method() === 'PUT' && response.ok()) finished.push(nameOf(response.url()))
  })
  return {
    /** Part numbers that arrived, or `whole`, in order. */
    finished,
    /** Paths of the objects that were written. */
    paths,
  }
}

/** Reads what Golden Retriever has kept of the files: Uppy 5 has it in localStorage, Uppy 6 in IndexedDB. */
export const keptByGoldenRetriever = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const text = localStorage.getItem('uppyState:uppy')
    if (text) return text
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('uppy-blobs')
      opening.onsuccess = () => resolve(opening.result)
      opening.onerror = () => reject(opening.error)
    })
    const reading = database.transaction('metadata').objectStore('metadata').getAll()
    await new Promise(resolve => {
      reading.onsuccess = resolve
    })
    database.close()
    return JSON.stringify(reading.result)
  })

/** Holds back the requests for these URLs, which then arrive nowhere, until the returned function is called. */
export async function holdRequests(page: Page, url: RegExp): Promise<() => Promise<void>> {
  await page.route(url, () => undefined)
  return () => page.unroute(url)
}
