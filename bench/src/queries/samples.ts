const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString()

/** Of the rows of `insertManyAssets`: values that much has, that little has and that nothing has. */
export const ASSET_SAMPLES: Record<string, string[]> = {
  tag: ['all', 'summer', 'archive', 'rare', 'nowhere'],
  externalId: ['ext-4021', 'nobody'],
  folder: ['', '1/album-30', 'nowhere'],
  sha256: ['5'.repeat(64), '6'.repeat(64)],
  q: ['beach', 'IMG_', '0004', 'zebra', 'be', 'im', 'p', 'zz'],
  minBytes: ['1500000', '900000000'],
  maxBytes: ['1000500', '8000000'],
  createdAfter: [day(0.05), day(10), day(200)],
  createdBefore: [day(364.9), day(200), day(30)],
}

export const jobSamples = (projectId: string, assetId: string): Record<string, string[]> => ({
  code: ['TIMEOUT', 'NO_SUCH_CODE'],
  projectId: [projectId],
  assetId: [assetId, '01890000-0000-7000-8000-000000000000'],
  createdAfter: [day(0.05), day(10), day(200)],
  createdBefore: [day(364.9), day(200), day(30)],
})
