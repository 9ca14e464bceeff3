import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { REPO_ROOT, type Service, startService } from './darkroom.ts'

const NODE = join(REPO_ROOT, 'node_modules/.bin/node')

/** Writes the files of a guide into a folder that resolves this repository's packages. */
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

/** Starts a program of a guide as its reader does. */
export const runGuide = (folder: string, file: string, env: Record<string, string>, ...args: string[]): Service =>
  startService(NODE, [join(folder, file), ...args], env)

/** A fenced block of a document. */
export interface Listing {
  language: string
  /** The file that its reader writes it into. */
  file: string | null
  body: string
}

/** Lists the fenced code blocks in order, also those in lists. */
export const listingsOf = (text: string): Listing[] =>
  [...text.matchAll(/^( *)```(\w*)(?: file=(\S+))?\n([\s\S]*?)^\1```$/gm)].map(
    ([, indent = '', language = '', file = null, body = '']) => ({
      language,
      file,
      body: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  )

/** How long a command that never ends by itself may show that it works. */
const SHOWN_SEC = 6
const ENDLESS = /^((?:[A-Z]+=\S+ )*)((?:node (?:server|show|moderator|receiver)\.(?:mjs|ts)|npx darkroom listen).*)$/

/**
 * What npx does, without npm: that takes as long as the command itself, of which the guides have fifty. Behind `timeout`, and in
 * `first-start.test.ts`, it is npx.
 */
const NPX = `npx() { PATH="${join(REPO_ROOT, 'node_modules/.bin')}:$PATH" "$@"; }`

/** A program in TypeScript: the guides ask for a Node that runs it, which that of the machine need not be. */
const TYPESCRIPT = /\bnode (?=\S+\.ts\b)/g

const PYTHON_CLIENT = join(REPO_ROOT, 'packages/python/src')

/**
 * Adapts a shell listing for a test: with the ports of this installation, without what already runs or is installed,
 * with an end for endless commands, and failing when a request is refused.
 */
export function toRun(body: string, ports: Record<string, string>): string {
  const lines = body.split('\n').map(line => {
    if (/^npm start\b/.test(line)) return `# runs already: ${line}`
    const [, packages] = /^npm install (.+)$/.exec(line) ?? []
    if (packages)
      return packages
        .split(' ')
        .map(name => `test -d node_modules/${name}`)
        .join(' && ')
    if (/^python3 -m pip install \.\/packages\/python\b/.test(line)) return `export PYTHONPATH="${PYTHON_CLIENT}"`
    const [, settings = '', command] = ENDLESS.exec(line) ?? []
    return command ? `${settings}timeout ${SHOWN_SEC} ${command.replace(/\s+#.*$/, '')} || test $? -eq 124` : line
  })
  const text = lines.join('\n').replaceAll(TYPESCRIPT, `${NODE} `)
  const moved = Object.entries(ports).reduce(
    (script, [written, actual]) => script.replaceAll(new RegExp(`(:|PORT=)${written}\\b`, 'g'), `$1${actual}`),
    text,
  )
  return `curl() { command curl --fail-with-body "$@"; }\n${NPX}\n${moved}`
}
