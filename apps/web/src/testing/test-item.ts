import type { UploadItem } from '../uploads/upload-item.ts'

/** Creates a waiting file of ten bytes for tests. */
export const testItem = (parts: Partial<UploadItem> = {}): UploadItem => ({
  id: 'i1',
  name: 'cat.jpg',
  byteSize: 10,
  options: {},
  fingerprint: null,
  file: new File(['0123456789'], 'cat.jpg', { type: 'image/jpeg' }),
  contentType: 'image/jpeg',
  phase: 'waiting',
  uploadId: null,
  assetId: null,
  sentBytes: 0,
  isStalled: false,
  isRepeated: false,
  failure: null,
  ...parts,
})
