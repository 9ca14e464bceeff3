import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { examplesOf, filesOf } from './readme-examples.ts'

// `npm run types` compiles the examples of the packages' READMEs, and the files of guides, with everything else. They lie where
// node_modules has the packages of the workspace by their names, and are modules whatever the package.json above them says.

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

for (const page of globSync('docs/how-to/*.md', { cwd: ROOT })) {
  const files = filesOf(readFileSync(join(ROOT, page), 'utf8'))
  if (files.size === 0) continue
  const folder = join(FOLDER, page)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const [name, body] of files) writeFileSync(join(folder, name), body)
}
