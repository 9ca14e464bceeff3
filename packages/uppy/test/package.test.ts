import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const PACKAGE = join(import.meta.dirname, '..')
const BIN = join(PACKAGE, '../../node_modules/.bin')

let folder: string
let packed: string
let project: string

/** Packs what would be published, and unpacks it in an empty project as npm does. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-uppy-package-'))
  const dist = join(folder, 'dist')
  execFileSync(process.execPath, [join(PACKAGE, 'tools/build.ts'), dist])
  packed = execFileSync('npm', ['pack', dist, '--silent', '--pack-destination', folder], { encoding: 'utf8' }).trim()
  project = join(folder, 'project')
  const target = join(project, 'node_modules/@darkroom/uppy')
  await mkdir(target, { recursive: true })
  execFileSync('tar', ['-xzf', join(folder, packed), '-C', target, '--strip-components=1'])
  await writeFile(join(project, 'package.json'), '{"type":"module"}')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('has JavaScript, types, README and licence, and no tests', async () => {
  const files = await readdir(join(project, 'node_modules/@darkroom/uppy'))
  expect(files).toEqual(expect.arrayContaining(['uppy-5.js', 'uppy-6.js', 'uppy-6.d.ts', 'README.md', 'LICENSE']))
  expect(files.filter(file => /test|\.map$|(?<!\.d)\.ts$/.test(file))).toEqual([])
})

it.each(['v5', 'v6'])('gives the options of %s to a program without a compiler', entry => {
  const program = `import { darkroomAwsS3 } from '@darkroom/uppy/${entry}'; console.log(typeof darkroomAwsS3)`
  const options = { cwd: project, encoding: 'utf8' } as const
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', program], options)).toBe('function\n')
})

it('compiles the example of its README with Uppy 6', async () => {
  const readme = await readFile(join(project, 'node_modules/@darkroom/uppy/README.md'), 'utf8')
  const [, example = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(readme) ?? []
  expect(example).toContain('@darkroom/uppy/v6')
  await writeFile(join(project, 'example.ts'), example)
  await symlink(join(PACKAGE, '../../node_modules/@uppy'), join(project, 'node_modules/@uppy'))
  const strict = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022']
  const compile = () =>
    execFileSync(join(BIN, 'tsc'), [...strict, '--types', '', 'example.ts'], { cwd: project, encoding: 'utf8' })
  expect(compile()).toBe('')
  await writeFile(join(project, 'example.ts'), example.replace('createUrl', 'createURL'))
  expect(compile).toThrow()
})
