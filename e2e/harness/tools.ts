import { spawnSync } from 'node:child_process'

/**
 * Tells whether a program is installed. Without it tests that need it are skipped by name on a person's machine.
 * @throws in CI, where a green run would then have tested nothing
 */
export function hasTool(program: string, aptPackage: string): boolean {
  const isThere = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
  if (isThere) return true
  const message = `${program} is missing: apt-get install -y ${aptPackage}`
  if (process.env.CI) throw new Error(message)
  console.warn(`skipped, because ${message}`)
  return false
}
