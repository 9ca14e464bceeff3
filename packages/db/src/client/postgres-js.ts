import { registerHooks } from 'node:module'

// postgres.js 3.4.9 ends the whole process when a connection is lost at the wrong moment: a write that was put off finds no
// socket (porsager/postgres#1154, #1208), and an error after the close finds no listener. Nobody can catch either. Until a
// release has the fix (#1209), its source is mended while it is loaded. See docs/decisions/0011.

interface Repair {
  broken: string
  mended: string
}

const REPAIRS: Repair[] = [
  {
    broken: 'function nextWrite(fn) {',
    mended: `function nextWrite(fn) {
    if (socket === null) {
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options, socket))
      return false
    }`,
  },
  {
    broken: 'socket.removeAllListeners()\n    socket = null',
    mended: "socket.removeAllListeners()\n    socket.on('error', () => undefined)\n    socket = null",
  },
]

/** @throws Error when the source is not the one that the repairs were made for: look whether they are still needed */
export function repair(source: string): string {
  return REPAIRS.reduce((text, { broken, mended }) => {
    if (!text.includes(broken))
      throw new Error(`postgres.js has changed: it no longer has "${broken}"; see packages/db/src/postgres-js.ts`)
    return text.replace(broken, mended)
  }, source)
}

let isMended = false
const hooks = registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.endsWith('/postgres/src/connection.js')) return loaded
    isMended = true
    return { ...loaded, source: repair(String(loaded.source)) }
  },
})

/** The driver, mended. */
export const { default: postgres } = await import('postgres')
/** From here, because it imports the driver as well, and the first who does decides. */
export const { drizzle } = await import('drizzle-orm/postgres-js')
hooks.deregister()

// Test runners load modules in an order of their own, and do not have to live through an outage.
if (!isMended && !process.env.VITEST)
  throw new Error(
    'postgres.js was loaded before it could be mended: import it from packages/db, or not before it is needed',
  )
