import { existsSync } from 'node:fs'

const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin']

/** Returns the absolute path of a program of the system, or its bare name where there is none; the child has no PATH to look it up with. */
export const hostTool = (name: string): string =>
  FOLDERS.map(folder => `${folder}/${name}`).find(path => existsSync(path)) ?? name
