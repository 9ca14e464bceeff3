import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Asset } from './harness/contract.ts'
import { REPO_ROOT, startService } from './harness/darkroom.ts'
import { sharedInstallation } from './harness/installation.ts'
import { phonePhoto } from './harness/photos.ts'

const README = join(REPO_ROOT, 'README.md')

/** The first fenced block of shell after a heading. */
async function shellBlockAfter(heading: string): Promise<string> {
  if (!existsSync(README)) throw new Error(`${README} is not there, so its examples cannot be run`)
  const [, section] = (await readFile(README, 'utf8')).split(new RegExp(`^#+ ${heading}$`, 'm'))
  if (section === undefined) throw new Error(`README.md has no heading "${heading}"`)
  const block = /^```sh\n([\s\S]*?)^```$/m.exec(section)?.[1]
  if (block === undefined) throw new Error(`README.md has no block of sh after "${heading}"`)
  return block
}

describe('the README', () => {
  const { url: darkroomUrl, port } = sharedInstallation()
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'darkroom-e2e-reader-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('has a first upload with curl that ends with a ready asset', async () => {
    const script = await shellBlockAfter('A first upload')
    expect(script).toContain(':3000')
    await writeFile(join(folder, 'photo.jpg'), (await phonePhoto()).bytes)
    const lines = ['set -e', `cd ${folder}`, script.replaceAll(':3000', `:${port}`)]
    const shell = startService('bash', ['-c', lines.join('\n')], {})
    expect({ code: await shell.exited, output: shell.output() }).toMatchObject({ code: 0 })
    const asset: Asset = JSON.parse(shell.output())
    expect(asset).toMatchObject({ status: 'ready', filename: 'photo.jpg' })
    for (const { url } of asset.variants) expect((await fetch(url)).status).toBe(200)
  })

  it('links to the contract that the service describes itself with', async () => {
    expect((await fetch(`${darkroomUrl}/docs`)).status).toBe(200)
    const openapi: { openapi: string; paths: object } = await (await fetch(`${darkroomUrl}/openapi.json`)).json()
    expect(openapi.openapi).toMatch(/^3\.1/)
    expect(Object.keys(openapi.paths)).toContain('/v1/uploads/{id}/confirm')
  })

  it('points only at files that are there', async () => {
    const text = await readFile(README, 'utf8')
    const targets = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target = '']) => target)
    const missing = targets.filter(target => !/^https?:/.test(target) && !existsSync(join(REPO_ROOT, target)))
    expect(missing).toEqual([])
  })
})
