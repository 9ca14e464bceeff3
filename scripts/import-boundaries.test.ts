import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

// Imports run core ← contracts ← db, storage, media, outbound, webhooks ← jobs, ingest ← apps. What ships never imports
// what only tests or `darkroom start` need. That a package imports nothing which its package.json does not list is knip's part.

const ROOT = join(import.meta.dirname, '..')

/** What each package may use of ours in what it ships. */
const ALLOWED: Record<string, string[]> = {
  'packages/core': [],
  'packages/contracts': ['core'],
  'packages/db': ['contracts', 'core'],
  'packages/storage': ['contracts', 'core'],
  'packages/jobs': ['contracts', 'core', 'db'],
  'packages/media': ['contracts', 'core'],
  'packages/outbound': ['contracts', 'core'],
  'packages/webhooks': ['contracts'],
  'packages/ingest': ['contracts', 'core', 'db', 'storage'],
  'packages/backups': ['contracts', 'db', 'storage'],
  'packages/local-b2': ['core'],
  'packages/local-postgres': ['core'],
  'packages/sdk': ['core'],
  'packages/testing': ['core', 'local-postgres'],
  'apps/api': ['contracts', 'core', 'db', 'ingest', 'jobs', 'media', 'outbound', 'storage', 'webhooks'],
  'apps/worker': ['backups', 'contracts', 'core', 'db', 'ingest', 'jobs', 'media', 'outbound', 'storage', 'webhooks'],
  'apps/web': ['contracts', 'sdk'],
  'apps/cli': [
    'api',
    'backups',
    'contracts',
    'core',
    'db',
    'ingest',
    'jobs',
    'local-b2',
    'local-postgres',
    'media',
    'sdk',
    'storage',
    'webhooks',
    'worker',
  ],
  e2e: [],
}

/** Libraries, and entries of ours, that belong to some packages, so that what is behind an interface stays there. */
const OWNERS: Record<string, string[]> = {
  sharp: ['packages/media'],
  saxes: ['packages/media'],
  bullmq: ['packages/jobs'],
  'drizzle-orm': ['packages/db', 'packages/jobs'],
  '@darkroom/db/schema': ['packages/jobs'],
  '@aws-sdk/client-s3': ['packages/storage'],
  undici: ['packages/outbound'],
  standardwebhooks: ['packages/webhooks'],
  'age-encryption': ['packages/backups'],
}

const Manifest = z.object({ dependencies: z.record(z.string(), z.string()).default({}) })

const IMPORT = /(?:from|import)\s*\(?\s*'([^'.][^']*)'/g

function shippedImports(folder: string): { file: string; specifier: string }[] {
  return readdirSync(join(ROOT, folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(file => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
    .flatMap(file => {
      const source = readFileSync(join(ROOT, folder, 'src', file), 'utf8')
      return [...source.matchAll(IMPORT)].map(match => ({ file, specifier: match[1] ?? '' }))
    })
}

/** Without the entry point: `@darkroom/contracts/media-types` is a part of contracts. */
const packageOf = (specifier: string): string => specifier.split('/').slice(0, 2).join('/')

const packagesWithSource = Object.keys(ALLOWED).filter(folder => folder !== 'e2e')

describe.each(packagesWithSource)('%s', folder => {
  const allowed = (ALLOWED[folder] ?? []).map(name => `@darkroom/${name}`)

  it('depends on nothing of ours that it may not', () => {
    const { dependencies } = Manifest.parse(JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')))
    const ours = Object.keys(dependencies).filter(name => name.startsWith('@darkroom/'))
    expect(ours.filter(name => !allowed.includes(name))).toEqual([])
  })

  it('imports nothing of ours that it may not, and no library that belongs to another package', () => {
    const wrong = shippedImports(folder).filter(({ specifier }) => {
      const owners = OWNERS[specifier]
      if (owners && !owners.includes(folder) && folder !== 'packages/testing') return true
      return specifier.startsWith('@darkroom/') && !allowed.includes(packageOf(specifier))
    })
    expect(wrong).toEqual([])
  })
})

/** The modules of packages/db, in their order: each uses those before it. */
const DB_MODULES = [
  'schema',
  'client',
  'events',
  'projects',
  'presets',
  'assets',
  'jobs',
  'uploads',
  'deletion',
  'backfills',
  'webhooks',
  'lineage',
  'operations',
  'processing',
  'migrate',
]

describe('the modules of packages/db', () => {
  const folder = join(ROOT, 'packages/db/src')

  it('are all in the order, and nothing lies beside them', () => {
    expect(readdirSync(folder).toSorted()).toEqual(DB_MODULES.toSorted())
  })

  it('are in the same order in the README', () => {
    const readme = readFileSync(join(ROOT, 'packages/db/README.md'), 'utf8')
    expect([...readme.matchAll(/^\| `([a-z]+)` +\|/gm)].map(([, module]) => module)).toEqual(DB_MODULES)
  })

  it('each have an entry', () => {
    const { exports } = z
      .object({ exports: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(ROOT, 'packages/db/package.json'), 'utf8')))
    const entries = DB_MODULES.map(module => [`./${module}`, `./src/${module}/index.ts`])
    expect(exports).toEqual(Object.fromEntries(entries))
  })

  it.each(DB_MODULES)('%s uses no module after it', module => {
    const later = DB_MODULES.slice(DB_MODULES.indexOf(module) + 1)
    const files = readdirSync(join(folder, module)).filter(file => file.endsWith('.ts'))
    expect(files).not.toEqual([])
    const wrong = files.flatMap(file =>
      [...readFileSync(join(folder, module, file), 'utf8').matchAll(/'\.\.\/([^/']+)\//g)]
        .map(([, used = '']) => ({ file: `${module}/${file}`, used }))
        .filter(({ used }) => later.includes(used)),
    )
    expect(wrong).toEqual([])
  })
})

it('the API takes of media only what plans, and loads no decoder', () => {
  const ofMedia = shippedImports('apps/api').filter(({ specifier }) => packageOf(specifier) === '@darkroom/media')
  expect(new Set(ofMedia.map(({ specifier }) => specifier))).toEqual(new Set(['@darkroom/media/plan']))
})

it('e2e imports nothing of ours', () => {
  const { dependencies } = Manifest.parse(JSON.parse(readFileSync(join(ROOT, 'e2e/package.json'), 'utf8')))
  expect(Object.keys(dependencies).filter(name => name.startsWith('@darkroom/'))).toEqual([])
})
