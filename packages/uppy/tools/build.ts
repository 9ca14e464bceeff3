import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import manifest from '../package.json' with { type: 'json' }

// Builds the npm package in `dist`, or in the folder that is given: JavaScript, types, README and licence.

const ROOT = join(import.meta.dirname, '..')
const DIST = resolve(process.argv[2] ?? join(ROOT, 'dist'))
const TSC = join(ROOT, '../../node_modules/.bin/tsc')

/** Renames imports in declarations, where the compiler leaves `.ts`. */
async function renameImportsOfTypes(): Promise<void> {
  for (const path of globSync('*.d.ts', { cwd: DIST })) {
    const text = await readFile(join(DIST, path), 'utf8')
    await writeFile(join(DIST, path), text.replaceAll(/((?:from |import\()['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'))
  }
}

function publishedManifest(): object {
  const { name, version, description, license, type } = manifest
  const entries = Object.entries(manifest.exports).map(([entry, source]) => {
    const file = source.replace('./src/', './').replace('.ts', '')
    return [entry, { types: `${file}.d.ts`, default: `${file}.js` }]
  })
  return { name, version, description, license, type, sideEffects: false, exports: Object.fromEntries(entries) }
}

/** Returns the README without links to files of the repository. */
const withoutLocalLinks = (markdown: string) => markdown.replaceAll(/\[([^\]]+)\]\(\.\.\/[^)]+\)/g, '$1')

await rm(DIST, { recursive: true, force: true })
execFileSync(TSC, ['--project', join(import.meta.dirname, 'tsconfig.json'), '--outDir', DIST], { stdio: 'inherit' })
await renameImportsOfTypes()
await writeFile(join(DIST, 'package.json'), `${JSON.stringify(publishedManifest(), null, 2)}\n`)
await writeFile(join(DIST, 'README.md'), withoutLocalLinks(await readFile(join(ROOT, 'README.md'), 'utf8')))
await cp(join(ROOT, '../../LICENSE'), join(DIST, 'LICENSE'))
