// The modules are plain JavaScript, for the Node that a machine happens to have; here their tests give them types.

interface Packages {
  packages: Record<string, Record<string, unknown>>
}

interface Tool {
  aptPackage: string
}

interface Modules {
  'apt.mjs': { installLine(packages: string[]): string }
  'installed-node.mjs': {
    hasLibrariesOfNode(root: string): boolean
    canRunNode(root: string): boolean
    libraryAdvice(library: string, target: string, tools?: Tool[]): string
    majorOf(version: string): number
    missingLibrary(stderr: string): string | null
  }
  'lock.mjs': { withLock<T>(root: string, work: () => Promise<T>, folder: string): Promise<T> }
  'node-modules.mjs': {
    differences(lockfile: Packages, record: Packages): string[]
    lacksOtherPlatformsOnly(output: string): boolean
  }
  'search-path.mjs': {
    findProgram(name: string, path: string): string | null
    withoutPackageBins(path: string): string
    withPackageBins(root: string, path: string): string
  }
  'system-tools.mjs': {
    missingTools(target: string, isThere: (tool: Tool) => boolean): Tool[]
  }
  'web-page.mjs': { isWebPageFresh(root: string): boolean; newestMs(path: string): number }
}

export async function load<Name extends keyof Modules>(name: Name): Promise<Modules[Name]> {
  return import(new URL(name, import.meta.url).href)
}
