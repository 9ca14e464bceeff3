import type { FileToUpload } from './client.ts'

type Bytes = Uint8Array<ArrayBuffer>

const bytesOf = (text: string): Bytes => new Uint8Array(Buffer.from(text, 'latin1'))
const HTML = '<!doctype html><script>alert(document.domain)</script>'.repeat(20)

export interface HostileFile extends FileToUpload {
  what: string
  code: RegExp
}

/** Makes files that are not of their declared type. Those that refer to another file refer to one of `canary`. */
export function hostileFiles(canary: string): HostileFile[] {
  const file = (what: string, contentType: string, content: string, code: RegExp): HostileFile => ({
    what,
    name: `${what.replaceAll(' ', '-')}.bin`,
    contentType,
    bytes: bytesOf(content),
    code,
  })
  const noMatch = /^(UNRECOGNIZED_TYPE|TYPE_MISMATCH)$/
  return [
    file('a page named as a PNG', 'image/png', HTML, noMatch),
    file('a single byte', 'image/jpeg', '\xff', noMatch),
    file(
      'a GIF that is a script',
      'image/gif',
      'GIF89a/*\0\0\0\0\0\0,\0*/=1;alert(document.domain)//',
      /^CORRUPT_FILE$/,
    ),
    // A PDF may begin late; this one has nothing but its first line.
    file('a PDF behind three bytes', 'application/pdf', `abc%PDF-1.7\n${HTML}`, /^TRUNCATED_FILE$/),
    file('a drawing named as a PNG', 'image/png', svg(canary), noMatch),
    file('a drawing', 'image/svg+xml', svg(canary), /^UNSUPPORTED_TYPE$/),
    file('a playlist named as a video', 'video/mp4', hls(canary), noMatch),
    file('a playlist of our own files', 'video/mp4', hls('file:///etc/passwd'), noMatch),
    file('a playlist named as a sound', 'audio/mpeg', hls(canary), noMatch),
    file('a manifest named as a video', 'video/mp4', dash(canary), noMatch),
    file('a list of files named as a video', 'video/mp4', `ffconcat version 1.0\nfile ${canary}\n`, noMatch),
    file('a session named as a video', 'video/mp4', SDP, noMatch),
    file('a program named as a video', 'video/mp4', `MZ\x90\0${'\0'.repeat(500)}PE\0\0`, noMatch),
  ]
}

const hls = (url: string) => `#EXTM3U
#EXT-X-VERSION:3
#EXT-X-TARGETDURATION:1
#EXT-X-MEDIA-SEQUENCE:0
#EXTINF:1.0,
${url}
#EXT-X-ENDLIST
`
const dash = (url: string) => `<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S" minBufferTime="PT1S"
  profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1"
  bandwidth="1000" codecs="avc1.42c00b"><BaseURL>${url}</BaseURL></Representation></AdaptationSet></Period></MPD>`
const SDP = 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n'
const svg = (url: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10" onload="fetch('${url}')"><image href="${url}"/></svg>`

/** What somebody hangs behind a photo, by name. */
export const TAILS: Record<string, Bytes> = {
  HTML: bytesOf(`<html>tail-canary-4711${HTML}`),
  ZIP: bytesOf('PK\x03\x04\x14\0\0\0\0\0tail-canary-4711.exe'),
}
