import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_KEY } from './harness/client.ts'
import { REPO_ROOT, startService } from './harness/darkroom.ts'
import { type Listing, listingsOf, toRun } from './harness/guide.ts'
import { type Installation, install, uninstall } from './harness/installation.ts'
import { jpegFile, madePhoto, phonePhoto } from './harness/photos.ts'
import { freePort } from './harness/ports.ts'

/** Listings that cannot be run here, by how they begin, and why. Every other one is. */
const NOT_RUN: Record<string, string> = {
  'README.md: npm test': 'would run this test',
  'README.md: sudo apt-get install': 'would change the machine',
  'README.md: export DATABASE_URL=':
    'needs a Postgres, a Redis and a B2 account of one’s own; configured.test.ts has such an installation',
  'README.md: cp .env.example .env': 'needs an engine of containers; containers.test.ts has one',
  'backups.md: ': 'needs programs of Postgres, and databases to restore to; apps/cli/test runs the commands',
  'migrate-a-bucket.md: export DARKROOM_URL=https://media.example.com':
    'needs an old bucket; guides.test.ts runs the script on one',
  'move-a-bucket-in.md: ':
    'needs old buckets and keys for them; apps/cli/test/import-bucket.test.ts runs the commands on one',
  'upgrade.md: npm run test:upgrade': 'takes minutes, and needs the history of the repository',
  'deploy-systemd.md: ': 'would change the machine; scripts/systemd.test.ts checks the units',
  'deploy-platforms.md: ': 'needs accounts at these platforms',
  'deploy-cloudflare.md: ': 'needs an account at Cloudflare; `npm run test:cloudflare` runs the Worker in workerd',
  'deploy-kubernetes.md: ': 'needs a cluster; `npm run test:chart` renders the chart',
  'private-media.md: <video controls': 'a part of a page, with places for URLs; page-media.test.ts plays such files',
  'deliver.md: <video controls': 'a part of a page, with places for URLs',
}

/** Not programs: what is sent or answered, in words. */
const TEXTS = new Set(['text', 'http', 'ini', 'console', 'dockerfile'])
const PROGRAMS = /^(js|mjs|ts|tsx|html|python|sh|bash|json)$/

const files = [
  join(REPO_ROOT, 'README.md'),
  ...(await readdir(join(REPO_ROOT, 'docs/how-to')))
    .filter(name => name.endsWith('.md'))
    .map(name => join(REPO_ROOT, 'docs/how-to', name)),
]
const guides = await Promise.all(
  files.map(async file => ({ name: basename(file), listings: listingsOf(await readFile(file, 'utf8')) })),
)
const titleOf = (guide: string, { body }: Listing) => `${guide}: ${body}`
const isNotRun = (guide: string, listing: Listing) =>
  Object.keys(NOT_RUN).some(begin => titleOf(guide, listing).startsWith(begin))

let installation: Installation
let ports: Record<string, string>
beforeAll(async () => {
  installation = await install()
  const { home, client } = installation
  const servers = await Promise.all(['3001', '3002', '3003'].map(async port => [port, String(await freePort())]))
  ports = { 3000: `${home.port}`, 9000: `${home.storePort}`, ...Object.fromEntries(servers) }
  // What a reader has by then: a file that was uploaded.
  const { asset } = await client.upload(jpegFile('photo.jpg', await madePhoto({ width: 900, height: 600 })))
  await client.settled(asset.id)
})
afterAll(async () => {
  if (installation) await uninstall(installation)
})

describe.each(guides)('$name', ({ name, listings }) => {
  it('names the language of every listing, and the file of each that is a program', () => {
    const wrong = listings.filter(listing => {
      const { language, file } = listing
      if (isNotRun(name, listing) || TEXTS.has(language) || language === 'sh') return false
      return !PROGRAMS.test(language) || (file === null && language !== 'json')
    })
    expect(wrong.map(({ language, body }) => `${language}: ${body.split('\n')[0]}`)).toEqual([])
  })

  it('has JSON that is JSON', () => {
    for (const { body } of listings.filter(({ language }) => language === 'json'))
      expect(() => JSON.parse(body)).not.toThrow()
  })

  const commands = listings.filter(listing => listing.language === 'sh' && !isNotRun(name, listing))
  it.skipIf(commands.length === 0)('runs as it is written', async () => {
    const { home, client } = installation
    const folder = join(home.folder, `reader-of-${name}`)
    await mkdir(folder)
    await symlink(join(REPO_ROOT, 'node_modules'), join(folder, 'node_modules'))
    await writeFile(join(folder, 'photo.jpg'), (await phonePhoto()).bytes)
    for (const { file, body } of listings) if (file) await writeFile(join(folder, file), body)
    const script = ['set -e', `cd ${folder}`, ...commands.map(({ body }) => toRun(body, ports))].join('\n')
    const shell = startService('bash', ['-c', script], {
      DARKROOM_DATA: home.env.DARKROOM_DATA,
      // What the owner of this machine has logged in to and uploaded stays as it is.
      XDG_CONFIG_HOME: join(home.folder, 'config'),
      XDG_STATE_HOME: join(home.folder, 'state'),
    })
    expect({ code: await shell.exited, script, output: shell.output() }).toMatchObject({ code: 0 })
    expect(shell.output()).not.toMatch(/^(Error|\w+Error): |command not found|"status":4\d\d/m)
    if (name === 'private-media.md') await makePublic(client)
  })
})

it('lists no exception that is not there', () => {
  const titles = guides.flatMap(({ name, listings }) => listings.map(listing => titleOf(name, listing)))
  expect(Object.keys(NOT_RUN).filter(begin => !titles.some(title => title.startsWith(begin)))).toEqual([])
})

async function makePublic({ request, key }: Installation['client']): Promise<void> {
  expect(key).toBe(LOCAL_KEY)
  const { body } = await request<{ items: { id: string; name: string }[] }>('GET', '/v1/admin/projects?name=default')
  await request('PATCH', `/v1/admin/projects/${body.items[0]?.id}`, { json: { isPrivate: false } })
}
