import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { load } from './load.ts'

const { installLine } = await load('apt.mjs')
const { canRunNode, hasLibrariesOfNode, libraryAdvice, majorOf, missingLibrary } = await load('installed-node.mjs')
const { withLock } = await load('lock.mjs')
const { differences, lacksOtherPlatformsOnly } = await load('node-modules.mjs')
const { findProgram, withoutPackageBins, withPackageBins } = await load('search-path.mjs')
const { missingTools } = await load('system-tools.mjs')
const { isWebPageFresh } = await load('web-page.mjs')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-ensure-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function write(path: string, text = '', mode = 0o644): Promise<string> {
  const file = join(folder, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text, { mode })
  return file
}

describe('the comparison of node_modules with the lockfile', () => {
  const wanted = { version: '1.0.0', integrity: 'sha512-a' }
  const thisPlatform = { os: [process.platform], cpu: [process.arch] }
  const otherPlatform = { os: ['aix'], cpu: ['ppc64'] }
  const lockfile = (entry: Record<string, unknown>) => ({ packages: { '': {}, 'node_modules/a': entry } })

  it.each([
    ['nothing when it is the same', wanted, wanted, []],
    ['another version', wanted, { ...wanted, version: '1.0.1' }, ['node_modules/a']],
    ['other bytes', wanted, { ...wanted, integrity: 'sha512-b' }, ['node_modules/a']],
    ['nothing for an optional package', { ...wanted, optional: true }, undefined, []],
    ['nothing for a package of another platform', { ...wanted, optional: true, ...otherPlatform }, undefined, []],
    [
      'nothing for a package of a C library',
      { ...wanted, optional: true, ...thisPlatform, libc: ['musl'] },
      undefined,
      [],
    ],
    [
      'a package of this platform that npm took away, because its install script failed',
      { ...wanted, optional: true, ...thisPlatform },
      undefined,
      ['node_modules/a'],
    ],
    ['nothing for what npm itself calls superfluous', { ...wanted, extraneous: true }, undefined, []],
    ['nothing for a workspace', { link: true }, undefined, []],
    ['a package that is missing', wanted, undefined, ['node_modules/a']],
  ])('finds %s', (_, entry, installed, expected) => {
    const record = { packages: installed ? { 'node_modules/a': installed } : {} }
    expect(differences(lockfile(entry), record as never)).toEqual(expected)
  })
})

it.each([
  [true, 'only what the registry does not have', 'npm error Missing: @turbo/darwin-64@ from lock file'],
  [false, 'a package of another version', 'npm error Invalid: lock file’s a@1.0.0 does not satisfy a@2.0.0'],
  [
    false,
    'a package that was added',
    'npm error Missing: @turbo/darwin-64@ from lock file\nnpm error Missing: a@1.0.0 from lock file',
  ],
  [false, 'something else altogether', 'npm error network'],
])('says %s where npm ci complains of %s', (expected, _, output) => {
  expect(lacksOtherPlatformsOnly(output)).toBe(expected)
})

it.each([
  ['v26.10.0\n', 26],
  ['18.0.0', 18],
  ['nonsense', 0],
])('reads the major version of %j', (version, major) => {
  expect(majorOf(version)).toBe(major)
})

describe('the Node that npm installed', () => {
  const loaderError = (library: string) =>
    `node_modules/.bin/node: error while loading shared libraries: ${library}: cannot open shared object file: No such file or directory`
  const installNode = (script: string) => write('node_modules/.bin/node', `#!/bin/sh\n${script}\n`, 0o755)

  it.each([
    ['runs', 'echo v26.10.0', true, true],
    ['is there, and lacks a library', `echo '${loaderError('libatomic.so.1')}' >&2; exit 127`, false, false],
    ['is too old', 'echo v20.1.0', true, false],
    ['was never brought by its install script', 'exit 1', true, false],
  ])('%s', async (_, script, hasLibraries, runs) => {
    await installNode(script)
    expect([hasLibrariesOfNode(folder), canRunNode(folder)]).toEqual([hasLibraries, runs])
  })

  it('lacks no library before it is there', () => {
    expect([hasLibrariesOfNode(folder), canRunNode(folder)]).toEqual([true, false])
  })

  it.each([
    [loaderError('libatomic.so.1'), 'libatomic.so.1'],
    [loaderError('libstdc++.so.6'), 'libstdc++.so.6'],
    ['node: Permission denied', null],
    ['', null],
  ])('says in %j which library the machine lacks', (stderr, library) => {
    expect(missingLibrary(stderr)).toBe(library)
  })

  it('comes with one line for all that the command needs', () => {
    const tools = [{ aptPackage: 'ffmpeg' }, { aptPackage: 'bubblewrap' }]
    expect(libraryAdvice('libatomic.so.1', 'start', tools)).toBe(
      'the Node that npm installed needs the shared library libatomic.so.1, which this machine does not have. ' +
        'Run: sudo apt-get install -y --no-install-recommends libatomic1 ffmpeg bubblewrap',
    )
  })

  it('names a library whose package is unknown', () => {
    const advice = libraryAdvice('libquux.so.7', 'start', [])
    expect(advice).toContain('libquux.so.7')
    expect(advice).not.toContain('apt-get')
  })
})

describe('a script of package.json', () => {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))

  it.each(Object.keys(scripts).filter(name => /ensure\.mjs|npm_execpath|\bnpm\b/.test(scripts[name])))(
    '%s installs what is missing even while the installed Node, first on the search path, does not run',
    async name => {
      await write('node_modules/.bin/node', '#!/bin/sh\nexit 127\n', 0o755)
      await write('scripts/ensure.mjs', 'process.exit(3)')
      const { status } = spawnSync('/bin/sh', ['-c', scripts[name]], {
        cwd: folder,
        env: {
          PATH: withPackageBins(folder, '/usr/bin:/bin'),
          npm_node_execpath: process.execPath,
          npm_execpath: 'scripts/ensure.mjs',
        },
      })
      expect(status).toBe(3)
    },
  )
})

describe('the search path', () => {
  it('finds a program that may be run, and nothing else of that name', async () => {
    await write('one/tool', '', 0o644)
    await mkdir(join(folder, 'two/tool'), { recursive: true })
    const tool = await write('three/tool', '', 0o755)
    const path = ['one', 'two', 'three'].map(name => join(folder, name)).join(':')
    expect(findProgram('tool', path)).toBe(tool)
    expect(findProgram('other', path)).toBeNull()
    expect(findProgram(tool, '')).toBe(tool)
    expect(findProgram(join(folder, 'one/tool'), path)).toBeNull()
  })

  it('loses what npm put in front, and gets our own programs in front', () => {
    const npm =
      '/repo/node_modules/.bin:/node_modules/.bin:/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib'
    expect(withoutPackageBins(`${npm}:/usr/bin:/bin`)).toBe('/usr/bin:/bin')
    expect(withPackageBins('/repo', '/usr/bin')).toBe('/repo/node_modules/.bin:/usr/bin')
  })
})

describe('the tools of the system', () => {
  const names = (target: string, there: string[] = []) =>
    missingTools(target, ({ aptPackage }) => there.includes(aptPackage)).map(({ aptPackage }) => aptPackage)

  it('are asked for by the commands that use them only', () => {
    expect(names('check')).toEqual([])
    expect(names('start')).toEqual(['ffmpeg', 'bubblewrap'])
    expect(names('bench')).toEqual(['ffmpeg', 'bubblewrap'])
    expect(names('test', ['ffmpeg', 'bubblewrap', 'chromium-headless-shell'])).toEqual([
      'redis-server',
      'poppler-utils',
      'postgresql',
      'curl',
      'strace',
      'awscli',
      's3cmd',
      'rclone',
      'python3',
      'python3-pip',
      'python3-boto3',
    ])
  })

  it('are named in a line to copy', () => {
    expect(installLine(['ffmpeg', 'rclone'])).toBe('sudo apt-get install -y --no-install-recommends ffmpeg rclone')
  })
})

describe('the web page', () => {
  const HOUR_AGO = new Date(Date.now() - 3_600_000)

  async function buildIn(manifest: object) {
    const source = await write('apps/web/src/ui/app.tsx')
    const old = [source, await write('apps/web/package.json', JSON.stringify(manifest))]
    for (const path of [...old, join(folder, 'apps/web/src/ui'), join(folder, 'apps/web/src')]) {
      await utimes(path, HOUR_AGO, HOUR_AGO)
    }
    await write('apps/web/dist/index.html')
    await write('node_modules/.darkroom-web')
    return source
  }

  it('is fresh while nothing changed since it was built', async () => {
    await buildIn({ scripts: { build: 'vite build' } })
    expect(isWebPageFresh(folder)).toBe(true)
  })

  it.each([
    ['a source changed', async (source: string) => utimes(source, new Date(), new Date(Date.now() + 1000))],
    ['a source was removed', async (source: string) => sleep(20).then(() => rm(source))],
    ['the built page is gone', async () => rm(join(folder, 'apps/web/dist'), { recursive: true })],
    ['the build was not finished', async () => rm(join(folder, 'node_modules/.darkroom-web'))],
  ])('is stale when %s', async (_, change) => {
    await change(await buildIn({ scripts: { build: 'vite build' } }))
    expect(isWebPageFresh(folder)).toBe(false)
  })

  it('is nothing to build where there is no build script', async () => {
    await write('apps/web/package.json', '{}')
    expect(isWebPageFresh(folder)).toBe(true)
  })
})

describe('the lock', () => {
  it('lets one at a time in, and leaves nothing behind', async () => {
    let inside = 0
    let most = 0
    const work = async () => {
      inside += 1
      most = Math.max(most, inside)
      await sleep(20)
      inside -= 1
    }
    await Promise.all([1, 2, 3].map(() => withLock('/repo', work, join(folder, 'lock'))))
    expect(most).toBe(1)
    expect(await readdir(folder)).toEqual([])
  })

  it('is free again after a failure', async () => {
    const fail = () => withLock('/repo', () => Promise.reject(new Error('no network')), join(folder, 'lock'))
    await expect(fail()).rejects.toThrow('no network')
    await expect(fail()).rejects.toThrow('no network')
  })

  it('is taken over from a process that is dead', async () => {
    await write('lock/pid', '4194303')
    expect(await withLock('/repo', async () => 'done', join(folder, 'lock'))).toBe('done')
  })
})
