import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** Path of a program, or null; looks it up without starting a shell. A path is that program or none. */
export function findProgram(name, path = process.env.PATH ?? '') {
  if (isAbsolute(name)) return isExecutable(name) ? name : null
  for (const folder of path.split(delimiter)) {
    if (folder !== '' && isExecutable(join(folder, name))) return join(folder, name)
  }
  return null
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** The search path without what npm put in front, for npm itself: it must not run on the Node that it replaces. */
export function withoutPackageBins(path) {
  return path
    .split(delimiter)
    .filter(folder => !/node_modules[/\\](?:\.bin|@npmcli[/\\]|npm[/\\]).*$|node_modules[/\\]\.bin$/.test(folder))
    .join(delimiter)
}

/** The search path with the repository's own programs first: its Node, turbo, vitest. */
export function withPackageBins(root, path = process.env.PATH ?? '') {
  return [join(root, 'node_modules', '.bin'), path].join(delimiter)
}
