import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { markdownTable } from './markdown-table.ts'

interface LockedPackage {
  license?: string
  dev?: boolean
  link?: boolean
}

const LOCKFILE = join(import.meta.dirname, '../package-lock.json')

/** Formats the packages of package-lock.json that a server may install, by licence, as a Markdown table. */
export function licencesTable(): string {
  const { packages }: { packages: Record<string, LockedPackage> } = JSON.parse(readFileSync(LOCKFILE, 'utf8'))
  const installed = Object.entries(packages)
    .filter(([path, { dev, link }]) => path.includes('node_modules/') && !dev && !link)
    .map(([path, { license = 'not declared' }]) => ({ name: path.replace(/^.*node_modules\//, ''), license }))
  const byLicence = Map.groupBy(installed, ({ license }) => license)
  const rows = [...byLicence]
    .map(([license, group]) => [license, [...new Set(group.map(({ name }) => name))].sort()] as const)
    .sort(([one], [other]) => one.localeCompare(other, 'en'))
    .map(([license, names]) => [license, String(names.length), names.map(name => `\`${name}\``).join(', ')])
  return markdownTable([{ title: 'licence' }, { title: 'number', isNumber: true }, { title: 'packages' }], rows)
}
