import { registerHooks } from 'node:module'

// postgres.js 3.4.9 ends the whole process when a connection is lost at the wrong moment: a write that was put off finds no
// socket (porsager/postgres#1154, #1208), and an error after the close finds no listener. Nobody can catch either. Until a
// release has the fix (#1209), its source is patched while it is loaded. See docs/decisions/0011.

interface Patch {
  broken: string
  patched: string
}

const PATCHES: Patch[] = [
  {
    broken: 'function nextWrite(fn) {',
    patched: `function nextWrite(fn) {
    if (socket === null) {
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options, socket))
      return false
    }`,
  },
  {
    broken: 'socket.removeAllListeners()\n    socket = null',
    patched: "socket.removeAllListeners()\n    socket.on('error', () => undefined)\n    socket = null",
  },
]

/** @throws Error when the source is not the one that the patches were made for: look whether they are still needed */
export function patch(source: string): string {
  return PATCHES.reduce((text, { broken, patched }) => {
    if (!text.includes(broken))
      throw new Error(
        `postgres.js has changed: it no longer has "${broken}"; see packages/db/src/client/postgres-js.ts`,
      )
    return text.replace(broken, patched)
  }, source)
}

// A test runner evaluates this module more than once in a process that has loaded the driver once.
const PATCHED = Symbol.for('darkroom.postgres-js.patched')
const marks = globalThis as { [PATCHED]?: true }

const hooks = registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.endsWith('/postgres/src/connection.js')) return loaded
    marks[PATCHED] = true
    return { ...loaded, source: patch(String(loaded.source)) }
  },
})

/** The driver, patched. */
export const { default: postgres } = await import('postgres')
/** From here, because it imports the driver as well, and the first who does decides. */
export const { drizzle } = await import('drizzle-orm/postgres-js')
hooks.deregister()

if (!marks[PATCHED])
  throw new Error(
    'postgres.js was loaded before it could be patched: import it from packages/db, or not before it is needed',
  )
