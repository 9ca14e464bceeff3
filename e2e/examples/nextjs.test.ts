import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { useResource } from '@darkroom/testing/use-resource'
import { expect, it } from 'vitest'
import { launchChromium } from '../harness/browser.ts'
import { LOCAL_KEY } from '../harness/client.ts'
import { REPO_ROOT, startService } from '../harness/darkroom.ts'
import { install, uninstall } from '../harness/installation.ts'
import { madePhoto } from '../harness/photos.ts'
import { freePort } from '../harness/ports.ts'

// `npm run test:examples`: Next.js has 150 MB, so it is installed here alone.

const run = promisify(execFile)

/** Installs the example as its README says, with the package of the SDK as it is published, and builds it. */
async function buildExample() {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-nextjs-'))
  const project = join(folder, 'project')
  await cp(join(REPO_ROOT, 'examples/nextjs'), project, { recursive: true })
  await run(process.execPath, [join(REPO_ROOT, 'packages/sdk/tools/build.ts'), join(folder, 'sdk')])
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: join(folder, 'sdk') })
  const tarball = (await readdir(folder)).find(name => name.endsWith('.tgz')) ?? ''
  const options = ['--prefer-offline', '--no-audit', '--no-fund']
  await run('npm', ['install', ...options, join(folder, tarball)], { cwd: project })
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } as const
  await run(process.execPath, [join(project, 'node_modules/next/dist/bin/next'), 'build'], { cwd: project, env })
  return { folder, project }
}

const example = useResource(buildExample, ({ folder }) => rm(folder, { recursive: true, force: true }))
const installation = useResource(install, uninstall)

it('uploads a photo without a key in the browser, and shows it', async () => {
  const { folder, project } = example
  const port = `${await freePort()}`
  const photo = join(folder, 'beach.jpg')
  await writeFile(photo, await madePhoto({ width: 1200, height: 800 }))
  const next = [join(project, 'node_modules/next/dist/bin/next'), 'start', project, '--port', port]
  const { url } = installation.darkroom
  const server = startService(process.execPath, next, { DARKROOM_URL: url, DARKROOM_KEY: LOCAL_KEY })
  const browser = await launchChromium()
  try {
    await server.line(/Ready in/)
    const page = await browser.newPage()
    const bearers: (string | undefined)[] = []
    page.on('request', request => bearers.push(request.headers().authorization))
    await page.goto(`http://localhost:${port}/`)
    await page.getByLabel('Photos').setInputFiles(photo)
    await page.getByText('ready', { exact: true }).waitFor()
    const image = page.getByRole('img', { name: 'beach.jpg' })
    const width = () => image.evaluate(element => (element as HTMLImageElement).naturalWidth ?? 0)
    await expect.poll(width).toBeGreaterThan(0)
    const given = bearers.filter(bearer => bearer !== undefined)
    expect(given.length).toBeGreaterThan(0)
    expect(given.filter(bearer => !bearer.startsWith('Bearer dt_'))).toEqual([])
    const { items } = await installation.client.list()
    expect(items.map(({ filename, status }) => [filename, status])).toEqual([['beach.jpg', 'ready']])
  } finally {
    await browser.close()
    await server.stop()
  }
})
