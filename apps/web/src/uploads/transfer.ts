/** Where one PUT goes. */
export interface Destination {
  url: string
  headers: Record<string, string>
}

export interface SingleTransferEvents {
  /** Called when the transfer's turn has come, so that a URL is never signed long before it is used. */
  sign: (id: string) => Promise<Destination>
  onProgress: (id: string, sentBytes: number) => void
  onSent: (id: string) => void
  onFailed: (id: string, error: unknown) => void
}

/** How a large file is cut, and which parts the store has already. */
export interface PartLayout {
  partSize: number
  partCount: number
  present: readonly number[]
}

export interface TransferEvents extends SingleTransferEvents {
  /** Asked at each start of a file that goes up in parts. */
  layout: (id: string) => Promise<PartLayout>
  signPart: (id: string, partNumber: number) => Promise<Destination>
}

/** Sends files to presigned URLs, a few at a time, with retries of passing faults. */
export interface Transfer {
  start(id: string, file: File, contentType: string): void
  cancel(id: string): void
}
