import { spawnSync } from 'node:child_process'

/**
 * Whether a program is installed. Where it is not, tests that need it are skipped by name on a person's machine; in CI
 * that would be a green run that tested nothing, so there it throws.
 */
export function hasTool(program: string, aptPackage: string): boolean {
  const isThere = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
  if (isThere) return true
  const message = `${program} is missing: apt-get install -y ${aptPackage}`
  if (process.env.CI) throw new Error(message)
  console.warn(`skipped, because ${message}`)
  return false
}
