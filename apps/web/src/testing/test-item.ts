import type { UploadItem } from '../uploads/upload-item.ts'

/** Creates a waiting file of ten bytes for tests. */
export const testItem = (parts: Partial<UploadItem> = {}): UploadItem => ({
  id: 'i1',
  name: 'cat.jpg',
  byteSize: 10,
  remembered: null,
  file: new File(['0123456789'], 'cat.jpg', { type: 'image/jpeg' }),
  contentType: 'image/jpeg',
  phase: 'waiting',
  idempotencyKey: 'k1',
  uploadId: null,
  assetId: null,
  expiresAt: null,
  sentBytes: 0,
  isStalled: false,
  failure: null,
  ...parts,
})
