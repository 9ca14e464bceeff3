import { expect, it } from 'vitest'
import { type Package, packageDrawing, readPackages } from './package-drawing.ts'

const one = (folder: string, uses: string[], entries: string[] = []): Package => ({
  folder,
  name: folder.split('/')[1] ?? '',
  uses,
  entries,
})

it('draws an arrow to what is used, but none that a longer way stands for, and names modules', () => {
  const modules = ['client', 'events', 'assets', 'jobs', 'uploads']
  const packages = [
    one('apps/api', ['core', 'db']),
    one('packages/core', [], ['config']),
    one('packages/db', ['core'], modules),
  ]
  expect(packageDrawing(packages)).toBe(`\`\`\`mermaid
flowchart TD
  subgraph apps
    api["<b>api</b>"]
  end
  subgraph packages
    core["<b>core</b>"]
    db["<b>db</b><br/>client · events<br/>assets · jobs<br/>uploads"]
  end
  api --> db
  db --> core
\`\`\``)
})

it('has every package that ships', () => {
  const names = readPackages().map(({ folder }) => folder)
  expect(names).toEqual(expect.arrayContaining(['apps/api', 'apps/worker', 'packages/core', 'packages/db']))
  expect(names).not.toContain('packages/testing')
  expect(readPackages().find(({ name }) => name === 'web')?.uses).toEqual(['contracts', 'sdk'])
})
