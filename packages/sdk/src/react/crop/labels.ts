/** The texts of the dialog, to be given in other languages. */
export interface CropLabels {
  title: string
  /** How it is used by keys; read aloud with the part that is cropped. */
  help: string
  area: string
  handle: (vertical: 'top' | 'bottom' | '', horizontal: 'left' | 'right' | '') => string
  zoom: string
  rotate: string
  aspects: string
  free: string
  square: string
  confirm: string
  cancel: string
  unreadable: string
  size: (width: number, height: number) => string
}

export const ENGLISH: CropLabels = {
  title: 'Crop the image',
  help: 'Arrow keys move the part, with Shift in larger steps. Plus and minus resize it, R rotates the image.',
  area: 'Part of the image',
  handle: (vertical, horizontal) => `Resize at the ${[vertical, horizontal].filter(Boolean).join(' ')}`,
  zoom: 'Zoom',
  rotate: 'Rotate',
  aspects: 'Proportions',
  free: 'Free',
  square: 'Square',
  confirm: 'Crop',
  cancel: 'Cancel',
  unreadable: 'This browser cannot show this image.',
  size: (width, height) => `${width} × ${height}`,
}
