import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { aptInstall, canAptInstall, installLine } from './apt.mjs'
import { FatalError } from './report.mjs'
import { missingTools } from './system-tools.mjs'

export const LEAST_NODE = 24

/** Debian packages of the shared libraries that the Node from npm is linked with; a minimal image lacks the first. */
const APT_PACKAGES = {
  'libatomic.so.1': 'libatomic1',
  'libstdc++.so.6': 'libstdc++6',
  'libgcc_s.so.1': 'libgcc-s1',
  'libm.so.6': 'libc6',
}

/** The Node in node_modules: its version ('' when it does not run) and what it wrote to stderr. */
export function askNode(root) {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules', '.bin', 'node'), ['--version'], {
    encoding: 'utf8',
    // The loader reports in the reader's language otherwise.
    env: { ...process.env, LC_ALL: 'C' },
  })
  return { version: status === 0 ? stdout.trim() : '', stderr: stderr ?? '' }
}

/** Major number of a version, 0 when it is none. */
export function majorOf(version) {
  return Number(/^v?(\d+)/.exec(version.trim())?.[1] ?? 0)
}

/** File name of the shared library that the dynamic loader of Linux misses, or null. It names one at a time. */
export function missingLibrary(stderr) {
  return /error while loading shared libraries: ([^:\s]+): cannot open shared object file/.exec(stderr)?.[1] ?? null
}

/** Whether the Node in node_modules runs, and is new enough. */
export function canRunNode(root) {
  return majorOf(askNode(root).version) >= LEAST_NODE
}

/** Whether this machine has all libraries of the Node in node_modules; also when there is none yet. */
export function hasLibrariesOfNode(root) {
  return missingLibrary(askNode(root).stderr) === null
}

/** Installs the libraries that Node is linked with. @throws FatalError with the line to run where we may not */
export async function installLibrariesOfNode(root, target) {
  const tried = new Set()
  for (;;) {
    const library = missingLibrary(askNode(root).stderr)
    if (library === null) return
    const aptPackage = APT_PACKAGES[library]
    if (!aptPackage || !canAptInstall() || tried.has(library)) throw new FatalError(libraryAdvice(library, target))
    tried.add(library)
    await aptInstall([aptPackage])
  }
}

/** One line: what is missing, and one command for it and for all else that `target` would ask for next. */
export function libraryAdvice(library, target, tools = missingTools(target)) {
  const problem = `the Node that npm installed needs the shared library ${library}, which this machine does not have.`
  const aptPackage = APT_PACKAGES[library]
  if (!aptPackage) return `${problem} Install the package of your system that contains it`
  return `${problem} Run: ${installLine([aptPackage, ...tools.map(tool => tool.aptPackage)])}`
}
