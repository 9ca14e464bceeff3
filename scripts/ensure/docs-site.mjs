import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { installLockfile, matchesLockfile, stamp } from './node-modules.mjs'
import { say } from './report.mjs'

/** A package of its own, no workspace: 102 MB that nobody needs who runs Darkroom. */
const folderOf = root => join(root, 'docs/.vitepress')

export function isDocsSiteInstalled(root) {
  return existsSync(join(folderOf(root), 'node_modules')) && matchesLockfile(folderOf(root))
}

export async function installDocsSite(root) {
  say('installing the generator of the documentation site with npm …')
  await installLockfile(folderOf(root))
  stamp(folderOf(root))
}
