/**
 * What ffmpeg may decode, by ffprobe's name of the codec, and the decoders that do it. Curiosities are left out on purpose:
 * most holes of ffmpeg are in decoders that nobody's phone or camera writes for.
 */
const VIDEO_DECODERS: Record<string, readonly string[]> = {
  h264: ['h264'],
  hevc: ['hevc'],
  av1: ['libdav1d', 'libaom-av1', 'av1'],
  vp8: ['vp8', 'libvpx'],
  vp9: ['vp9', 'libvpx-vp9'],
  mpeg4: ['mpeg4'],
  mpeg2video: ['mpeg2video'],
  mpeg1video: ['mpeg1video'],
  msmpeg4v2: ['msmpeg4v2'],
  msmpeg4v3: ['msmpeg4'],
  h263: ['h263'],
  theora: ['theora'],
  prores: ['prores'],
  dnxhd: ['dnxhd'],
  dvvideo: ['dvvideo'],
  qtrle: ['qtrle'],
  ffv1: ['ffv1'],
  mjpeg: ['mjpeg'],
  png: ['png'],
  gif: ['gif'],
  webp: ['webp'],
}

const PCM = ['s8', 'u8', 's16le', 's16be', 's24le', 's24be', 's32le', 's32be', 'f32le', 'f32be', 'f64le', 'f64be']

const AUDIO_DECODERS: Record<string, readonly string[]> = {
  aac: ['aac'],
  aac_latm: ['aac_latm'],
  mp3: ['mp3float', 'mp3'],
  mp2: ['mp2float', 'mp2'],
  opus: ['opus', 'libopus'],
  vorbis: ['vorbis', 'libvorbis'],
  flac: ['flac'],
  alac: ['alac'],
  ac3: ['ac3'],
  eac3: ['eac3'],
  dts: ['dca'],
  truehd: ['truehd'],
  amr_nb: ['amrnb'],
  amr_wb: ['amrwb'],
  adpcm_ms: ['adpcm_ms'],
  adpcm_ima_wav: ['adpcm_ima_wav'],
  adpcm_ima_qt: ['adpcm_ima_qt'],
  pcm_alaw: ['pcm_alaw'],
  pcm_mulaw: ['pcm_mulaw'],
  pcm_bluray: ['pcm_bluray'],
  pcm_dvd: ['pcm_dvd'],
  ...Object.fromEntries(PCM.map(name => [`pcm_${name}`, [`pcm_${name}`]])),
}

/** Nothing ever decodes these, but ffprobe opens a decoder for every track, and refuses the file where it may not. */
const SUBTITLE_DECODERS = [
  ...['mov_text', 'ass', 'ssa', 'srt', 'subrip', 'webvtt', 'text'],
  ...['cc_dec', 'dvbsub', 'dvdsub', 'pgssub', 'libzvbi_teletextdec'],
]

const decoders = { ...VIDEO_DECODERS, ...AUDIO_DECODERS }

/** For `-codec_whitelist`. */
export const DECODERS = [...Object.values(decoders).flat(), ...SUBTITLE_DECODERS].join(',')

/** Returns whether there may be a decoder for a codec, by ffprobe's `codec_name`. */
export const isTakenCodec = (codec: string | undefined): boolean =>
  codec !== undefined && Object.hasOwn(decoders, codec)
