import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { installLockfile, matchesLockfile, stamp } from './node-modules.mjs'
import { say } from './report.mjs'

/**
 * Packages of their own, no workspaces, by what needs them: tools of 100 MB and more that nobody needs who runs Darkroom.
 */
export const SEPARATE_PACKAGES = {
  docs: { folder: 'docs/.vitepress', title: 'the generator of the documentation site' },
  cloudflare: { folder: 'deploy/cloudflare', title: 'the runtime of Cloudflare Workers' },
  chart: { folder: 'deploy/helm/tools', title: 'Helm and the schemas of Kubernetes' },
}

export function isSeparatePackageInstalled(root, { folder }) {
  return existsSync(join(root, folder, 'node_modules')) && matchesLockfile(join(root, folder))
}

export async function installSeparatePackage(root, { folder, title }) {
  say(`installing ${title} with npm …`)
  await installLockfile(join(root, folder))
  stamp(join(root, folder))
}
