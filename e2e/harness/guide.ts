import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { REPO_ROOT, type Service, startService } from './darkroom.ts'

const NODE = join(REPO_ROOT, 'node_modules/.bin/node')

/** The files that a guide has its reader write, in a folder that finds this repository's packages. */
export async function followGuide(name: string, parent: string): Promise<{ folder: string; files: string[] }> {
  const text = await readFile(join(REPO_ROOT, 'docs/how-to', `${name}.md`), 'utf8')
  const blocks = [...text.matchAll(/^```\w+ file=(\S+)\n([\s\S]*?)^```$/gm)]
  if (blocks.length === 0) throw new Error(`${name}.md has no file to write`)
  const folder = join(parent, name)
  await mkdir(folder)
  await symlink(join(REPO_ROOT, 'node_modules'), join(folder, 'node_modules'))
  for (const [, file = '', body = ''] of blocks) await writeFile(join(folder, file), body)
  return { folder, files: blocks.map(([, file = '']) => file) }
}

/** A program of a guide, started as its reader does. */
export const runGuide = (folder: string, file: string, env: Record<string, string>): Service =>
  startService(NODE, [join(folder, file)], env)
