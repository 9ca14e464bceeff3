'use client'

export type { CropArea } from './crop-area.ts'
export { CropDialog, type CropDialogProps, type Cropped } from './crop-dialog.tsx'
export type { CropLabels } from './labels.ts'
