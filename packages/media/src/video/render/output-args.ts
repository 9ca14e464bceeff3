/** Nothing of the source's tags, chapters and streams that are not asked for. */
export const WITHOUT_TAGS = ['-map_metadata', '-1', '-map_chapters', '-1', '-sn', '-dn']

/** An MP4 whose index comes first, so that it plays before it is loaded. */
export const FAST_START = ['-f', 'mp4', '-movflags', '+faststart']
