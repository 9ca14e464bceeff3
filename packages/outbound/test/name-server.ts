import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** Types of records: IPv4 and IPv6 addresses. */
const TYPES = { A: 1, AAAA: 28 } as const
export type RecordType = keyof typeof TYPES

export interface NameServer {
  /** As `address:port`. */
  address: string
  close(): void
}

const HEADER_BYTES = 12
/** Back to the name of the question. */
const POINTER_TO_NAME = 0xc00c
const SECONDS_TO_KEEP = 0

/**
 * Starts a DNS server for tests, which answers each question by UDP with the addresses that `answer` gives: IPv4 as four, IPv6 as sixteen bytes.
 * A name without any gets an empty answer.
 */
export async function startNameServer(answer: (name: string, type: RecordType) => number[][]): Promise<NameServer> {
  const socket = createSocket('udp4', (query, { port, address }) => {
    const { name, end } = readName(query)
    const code = query.readUInt16BE(end)
    const type = code === TYPES.A ? 'A' : 'AAAA'
    const records = answer(name, type).map(bytes => record(code, bytes))
    const question = query.subarray(HEADER_BYTES, end + 4)
    socket.send(Buffer.concat([header(query, records.length), question, ...records]), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { address: `127.0.0.1:${socket.address().port}`, close: () => socket.close() }
}

/** @returns the name that is asked for, and where it ends in the query */
function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let at = HEADER_BYTES
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  return { name: labels.join('.'), end: at + 1 }
}

/** The header of a response without errors, by the id of its query (RFC 1035, 4.1.1). */
function header(query: Buffer, answers: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES)
  query.copy(bytes, 0, 0, 2)
  bytes.writeUInt16BE(0x8180, 2)
  bytes.writeUInt16BE(1, 4)
  bytes.writeUInt16BE(answers, 6)
  return bytes
}

function record(type: number, address: number[]): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt16BE(POINTER_TO_NAME, 0)
  bytes.writeUInt16BE(type, 2)
  bytes.writeUInt16BE(1, 4)
  bytes.writeUInt32BE(SECONDS_TO_KEEP, 6)
  bytes.writeUInt16BE(address.length, 10)
  return Buffer.concat([bytes, Buffer.from(address)])
}
