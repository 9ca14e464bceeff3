/** What a call with the smallest document may take, each MiB of a document, and each page that is made of it. */
const TIME_MS = { least: 30_000, perMib: 2000, perPage: 1000 }
const MIB = 1024 * 1024

interface DocumentWork {
  byteSize: number
  /** Pages of which an image or the text is wanted. */
  pages: number
}

/**
 * Returns the wall time of one call to a media process, in ms. A renderer that cannot be interrupted holds its place until then: what is
 * small has little to do, and a small file that has much to do is made to.
 */
export const documentTimeMs = ({ byteSize, pages }: DocumentWork): number =>
  TIME_MS.least + Math.ceil(byteSize / MIB) * TIME_MS.perMib + pages * TIME_MS.perPage
