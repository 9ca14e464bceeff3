// ipx behind its own HTTP handler. A process of its own: it brings another sharp, and two libvips in one do not mix.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createIPX, createIPXNodeServer, ipxFSStorage } from 'ipx'
import { answerParent } from '../measure/forked.ts'

// Baseline JPEG, as everybody else here makes it; ipx' default is progressive, which costs more.
const sharpOptions = { animated: false, jpegProgressive: false }
const ipx = createIPX({ storage: ipxFSStorage({ dir: process.argv[2] ?? '' }), sharpOptions })
const server = createServer(createIPXNodeServer(ipx))
server.listen(0, '127.0.0.1', () => {
  answerParent({ port: (server.address() as AddressInfo).port }, async () => null)
})
