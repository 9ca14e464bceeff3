/** What a test may want to know about a request that came in; no signatures and no bodies. */
export interface RequestRecord {
  operation: string
  method: string
  bucket: string | undefined
  key: string | undefined
  headerNames: string[]
  /** Undefined until answered; stays so when the socket was dropped. */
  status: number | undefined
  /** Numbers the TCP connections, from 1. */
  connection: number
}

export interface RequestLog {
  /** The newest requests, oldest first; at most 2,000 are kept. */
  list(filter?: Partial<Pick<RequestRecord, 'operation' | 'method' | 'bucket' | 'key'>>): RequestRecord[]
  count(filter?: Partial<Pick<RequestRecord, 'operation' | 'method' | 'bucket' | 'key'>>): number
  clear(): void
}

const maxRecords = 2000

export function createRequestLog(): RequestLog & { add(record: RequestRecord): RequestRecord } {
  let records: RequestRecord[] = []
  const list: RequestLog['list'] = (filter = {}) =>
    records.filter(
      record =>
        (filter.operation === undefined || record.operation === filter.operation) &&
        (filter.method === undefined || record.method === filter.method) &&
        (filter.bucket === undefined || record.bucket === filter.bucket) &&
        (filter.key === undefined || record.key === filter.key),
    )
  return {
    list,
    count: filter => list(filter).length,
    clear() {
      records = []
    },
    add(record) {
      records.push(record)
      if (records.length > 2 * maxRecords) records = records.slice(-maxRecords)
      return record
    },
  }
}
