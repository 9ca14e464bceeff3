#!/usr/bin/env node
// Installs what a command needs before it runs: `node scripts/ensure.mjs start|test|check|bench|docs|chart|cloudflare`.
// Plain JavaScript without dependencies, because it runs first, on whatever Node (20 or later) the machine has: the scripts of
// package.json name the one that npm runs on, because the one that npm puts on the search path may lack a library.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hasLibrariesOfNode, installLibrariesOfNode } from './ensure/installed-node.mjs'
import { withLock } from './ensure/lock.mjs'
import { installPackages, isInstalled } from './ensure/node-modules.mjs'
import { FatalError, fail } from './ensure/report.mjs'
import { installSeparatePackage, isSeparatePackageInstalled, SEPARATE_PACKAGES } from './ensure/separate-package.mjs'
import { installMissingTools } from './ensure/system-tools.mjs'
import { buildWebPage, isWebPageFresh } from './ensure/web-page.mjs'

/** What each command needs, in the order in which it is brought about. */
const NEEDS = {
  start: { webPage: true, tools: true },
  test: { webPage: true, tools: true },
  check: { webPage: false, tools: false },
  bench: { webPage: true, tools: true },
  docs: { webPage: false, tools: false, separatePackage: SEPARATE_PACKAGES.docs },
  cloudflare: { webPage: false, tools: false, separatePackage: SEPARATE_PACKAGES.cloudflare },
  chart: { webPage: false, tools: false, separatePackage: SEPARATE_PACKAGES.chart },
}

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The check without the lock keeps the usual case fast; the one under it is for who waited for another terminal. */
async function bring(isThere, make) {
  if (isThere(root)) return
  await withLock(root, async () => {
    if (!isThere(root)) await make(root)
  })
}

async function ensure(target) {
  const needs = NEEDS[target]
  if (!needs) throw new FatalError(`usage: node scripts/ensure.mjs ${Object.keys(NEEDS).join('|')}`)
  await bring(hasLibrariesOfNode, () => installLibrariesOfNode(root, target))
  await bring(isInstalled, () => installPackages(root, target))
  if (needs.webPage) await bring(isWebPageFresh, buildWebPage)
  const { separatePackage } = needs
  if (separatePackage)
    await bring(
      folder => isSeparatePackageInstalled(folder, separatePackage),
      folder => installSeparatePackage(folder, separatePackage),
    )
  if (needs.tools) await installMissingTools(root, target)
}

try {
  await ensure(process.argv[2] ?? '')
} catch (error) {
  fail(error)
}
