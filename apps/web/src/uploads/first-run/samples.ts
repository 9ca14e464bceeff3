/** A file of our own that somebody without one at hand can try with. How they were made is in the README of the page. */
export interface Sample {
  name: string
  label: string
  contentType: string
  byteSize: number
}

export const SAMPLES: readonly Sample[] = [
  { name: 'sunset.jpg', label: 'A photo', contentType: 'image/jpeg', byteSize: 41474 },
  { name: 'clouds.mp4', label: 'A video', contentType: 'video/mp4', byteSize: 49190 },
  { name: 'bells.mp3', label: 'A sound', contentType: 'audio/mpeg', byteSize: 32644 },
]

/** Loads a sample as a file, as if it had been chosen. */
export async function loadSample({ name, contentType }: Sample): Promise<File> {
  const answer = await fetch(`/samples/${name}`)
  if (!answer.ok) throw new Error(`The sample ${name} could not be loaded: ${answer.status}.`)
  return new File([await answer.blob()], name, { type: contentType })
}
