import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { examplesOf } from './readme-examples.ts'

// `npm run types` compiles the examples of the packages' READMEs with everything else. They lie where node_modules has the
// packages of the workspace by their names, and are modules (`.mts`) whatever the package.json above them says.

const ROOT = join(import.meta.dirname, '..')
const FOLDER = join(ROOT, 'node_modules/.cache/readme-examples')

rmSync(FOLDER, { recursive: true, force: true })
for (const page of globSync('packages/**/README.md', { cwd: ROOT, exclude: ['**/node_modules'] })) {
  const example = examplesOf(readFileSync(join(ROOT, page), 'utf8'))
  if (example === null) continue
  const folder = join(FOLDER, dirname(page))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${basename(page)}.mts`), example)
}
