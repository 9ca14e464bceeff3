import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { rolldown } from 'rolldown'
import manifest from '../package.json' with { type: 'json' }

// Builds the npm package in `dist`, or in the folder that is given: modules without dependencies, their types, README and licence.

const ROOT = join(import.meta.dirname, '..')
const DIST = resolve(process.argv[2] ?? join(ROOT, 'dist'))
const TSC = join(ROOT, '../../node_modules/.bin/tsc')

/** Entries as they are published: `./src/node/index.ts` becomes `./node/index.js`. */
const published = (source: string) => source.replace('./src/', './').replace(/\.tsx?$/, '')

async function bundle(): Promise<void> {
  const entries = Object.values(manifest.exports).map(source => [
    published(source).replace('./', ''),
    join(ROOT, source),
  ])
  const build = await rolldown({ input: Object.fromEntries(entries), external: [/^node:/, /^react(\/|$)/] })
  await build.write({ dir: DIST, format: 'esm', chunkFileNames: 'shared/[name]-[hash].js' })
  await build.close()
}

/** The compiler leaves `.ts` in imports of declarations, and no such file is published. */
async function renameImportsOfTypes(): Promise<void> {
  for (const path of globSync('**/*.d.ts', { cwd: DIST })) {
    const file = join(DIST, path)
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replaceAll(/((?:from |import\()['"]\.[^'"]*)\.tsx?(['"])/g, '$1.js$2'))
  }
}

function publishedManifest(): object {
  const { name, version, description, license, type, engines, peerDependencies, peerDependenciesMeta } = manifest
  const entries = Object.entries(manifest.exports).map(([entry, source]) => {
    const file = published(source)
    return [entry, { types: `${file}.d.ts`, default: `${file}.js` }]
  })
  return {
    name,
    version,
    description,
    license,
    type,
    engines,
    peerDependencies,
    peerDependenciesMeta,
    sideEffects: false,
    exports: Object.fromEntries(entries),
  }
}

/** Returns the README as it is read outside of the repository, where no file lies beside it. */
const withoutLocalLinks = (markdown: string) => markdown.replaceAll(/\[([^\]]+)\]\(\.\.\/[^)]+\)/g, '$1')

await rm(DIST, { recursive: true, force: true })
await bundle()
execFileSync(TSC, ['--project', join(import.meta.dirname, 'tsconfig.json'), '--outDir', DIST], { stdio: 'inherit' })
await renameImportsOfTypes()
await writeFile(join(DIST, 'package.json'), `${JSON.stringify(publishedManifest(), null, 2)}\n`)
await writeFile(join(DIST, 'README.md'), withoutLocalLinks(await readFile(join(ROOT, 'README.md'), 'utf8')))
await cp(join(ROOT, '../../LICENSE'), join(DIST, 'LICENSE'))
