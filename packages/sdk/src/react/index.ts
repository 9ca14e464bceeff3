'use client'

export { Image, type ImageProps } from './image.tsx'
export { DarkroomProvider, useDarkroom } from './provider.tsx'
export type { UploadItem, UploadStatus } from './upload-task.ts'
export { type AssetState, type UseAssetOptions, useAsset } from './use-asset.ts'
export { type UseUpload, type UseUploadOptions, useUpload } from './use-upload.ts'
