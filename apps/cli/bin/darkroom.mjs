#!/usr/bin/env node
// The services need Node >= 24. An older Node on the PATH hands over to the one that the repository installs.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const pinnedNode = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= 24 || !existsSync(pinnedNode)) {
  await import(main)
} else {
  const { status } = spawnSync(pinnedNode, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exit(status ?? 1)
}
