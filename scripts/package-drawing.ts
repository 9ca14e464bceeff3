import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '..')
const FOLDERS = ['apps/*/package.json', 'packages/*/package.json']
/** Only tests use it. */
const LEFT_OUT = 'packages/testing'
/** Built into files of its own, so that what it uses is needed to develop only. */
const BUNDLED = 'apps/web'
/** More entries than this are modules, which are named in the box. */
const FEW_ENTRIES = 4

const Manifest = z.object({
  name: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  exports: z.record(z.string(), z.string()).default({}),
})

export interface Package {
  /** Such as `packages/db`. */
  folder: string
  /** Names without the scope, such as `core`. */
  name: string
  uses: string[]
  /** Entries besides the package itself, such as `uploads` of `@darkroom/db/uploads`. */
  entries: string[]
}

/** Reads the packages of this checkout with the dependencies of their package.json. */
export function readPackages(): Package[] {
  const unscoped = (name: string) => name.replace('@darkroom/', '')
  return globSync(FOLDERS, { cwd: ROOT })
    .map(path => ({
      folder: dirname(path),
      manifest: Manifest.parse(JSON.parse(readFileSync(join(ROOT, path), 'utf8'))),
    }))
    .filter(({ folder }) => folder !== LEFT_OUT)
    .map(({ folder, manifest: { name, dependencies, devDependencies, exports } }) => ({
      folder,
      name: unscoped(name),
      uses: Object.keys(folder === BUNDLED ? { ...dependencies, ...devDependencies } : dependencies)
        .filter(one => one.startsWith('@darkroom/'))
        .map(unscoped),
      entries: Object.keys(exports)
        .filter(entry => entry !== '.')
        .map(entry => entry.replace('./', '')),
    }))
    .sort((a, b) => a.folder.localeCompare(b.folder))
}

/**
 * Draws the packages as a Mermaid flowchart. An arrow leads to a dependency, unless a longer path leads there as well.
 */
export function packageDrawing(packages = readPackages()): string {
  const boxes = (folder: string) =>
    packages.filter(one => one.folder.startsWith(folder)).map(one => `    ${one.name}["${labelOf(one)}"]`)
  const arrows = packages.flatMap(one => directUses(one, packages).map(used => `  ${one.name} --> ${used}`))
  return [
    '```mermaid',
    'flowchart TD',
    '  subgraph apps',
    ...boxes('apps/'),
    '  end',
    '  subgraph packages',
    ...boxes('packages/'),
    '  end',
    ...arrows,
    '```',
  ].join('\n')
}

const labelOf = ({ name, entries }: Package): string =>
  entries.length > FEW_ENTRIES ? `<b>${name}</b><br/>${inLines(entries)}` : `<b>${name}</b>`

const PER_LINE = 2

function inLines(entries: string[]): string {
  const count = Math.ceil(entries.length / PER_LINE)
  return Array.from({ length: count }, (_, line) =>
    entries.slice(line * PER_LINE, (line + 1) * PER_LINE).join(' · '),
  ).join('<br/>')
}

/** Returns the dependencies of a package that no other dependency of it includes. */
export function directUses({ uses }: Package, packages: Package[]): string[] {
  const byName = new Map(packages.map(one => [one.name, one]))
  const reaches = (from: string, to: string): boolean =>
    (byName.get(from)?.uses ?? []).some(next => next === to || reaches(next, to))
  return uses.filter(used => !uses.some(other => other !== used && reaches(other, used)))
}
