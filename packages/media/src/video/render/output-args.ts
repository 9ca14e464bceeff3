/** Nothing of the source's tags, chapters and streams that are not asked for. */
export const WITHOUT_TAGS = ['-map_metadata', '-1', '-map_chapters', '-1', '-sn', '-dn']

/** An MP4 whose index comes first, so that it plays before it is loaded. */
export const FAST_START = ['-f', 'mp4', '-movflags', '+faststart']

/** However little can be decoded, it is no failure of ffmpeg: what is broken is counted, and judged by the count. */
export const DAMAGE_IS_COUNTED = ['-max_error_rate', '1']
