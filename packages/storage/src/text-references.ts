/** How a `variantKey` ends: 128 random bits, and what the encoder calls its files. No other text looks like it by chance. */
const FILE_NAME = /(?<![\w-])[\w-]{22}\.[a-z0-9]{1,8}\b/g

/** Returns files that a playlist or a storyboard names, each once. */
export const referencesIn = (text: string): string[] => [...new Set(text.match(FILE_NAME))]

/** Returns the text with another name, or a URL, in the place of every name that is given one. */
export const replaceReferences = (text: string, places: ReadonlyMap<string, string>): string =>
  text.replace(FILE_NAME, name => places.get(name) ?? name)
