import sharp from 'sharp'

/** Renders small text of this colour as an image at most so many pixels wide, wrapped. */
export const textOf = (text: string, color: string, width: number): Promise<Buffer> =>
  sharp({
    text: {
      text: `<span foreground="${color}">${escapeMarkup(text)}</span>`,
      font: 'sans 9',
      width,
      rgba: true,
      wrap: 'char',
    },
  })
    .png()
    .toBuffer()

const escapeMarkup = (text: string): string => text.replace(/[<>&]/g, character => `&#${character.charCodeAt(0)};`)
