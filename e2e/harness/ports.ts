import { connect, createServer, type Server } from 'node:net'

/** Holds a port of 127.0.0.1 until it is closed; 0 takes any. */
export function occupyPort(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

export { freePort } from '@darkroom/testing/free-port'

export const closeServer = (server: Server) => new Promise<void>(resolve => server.close(() => resolve()))

/** Tells whether a server answers on a port. */
export function isPortOpen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    const settle = (isOpen: boolean) => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}
