// pdfium and sharp in one process that is started for one document, as a command-line tool would be.
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { encoderOptions, type PlannedVariant } from '@darkroom/media'
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium'
import sharp from 'sharp'
import { outputName } from '../maker.ts'

type PlannedPage = Extract<PlannedVariant, { type: 'page' }>

interface Work {
  file: string
  outDir: string
  variants: PlannedVariant[]
}

interface Memory {
  HEAPU8: Uint8Array<ArrayBuffer>
  wasmExports: { malloc(bytes: number): number }
}

const RENDER_ANNOTATIONS = 0x01
const RGB_ORDER = 0x10
const FORMAT_BGR = 2

const { file, outDir, variants } = JSON.parse(process.argv[2] ?? '') as Work
const wasmFile = createRequire(import.meta.url).resolve('@embedpdf/pdfium/pdfium.wasm')
const api = await init({ wasmBinary: new Uint8Array(await readFile(wasmFile)).buffer })
api.PDFiumExt_Init()
const memory = api.pdfium as unknown as Memory
const bytes = await readFile(file)
const pointer = memory.wasmExports.malloc(bytes.length)
memory.HEAPU8.set(bytes, pointer)
const document = api.FPDF_LoadMemDocument(pointer, bytes.length, '')

const pages = variants.filter((variant): variant is PlannedPage => variant.type === 'page')
for (const [page, ofPage] of Map.groupBy(pages, variant => variant.page)) await writePage(page - 1, ofPage)
for (const text of variants.filter(variant => variant.type === 'text')) {
  const all = Array.from({ length: Math.min(text.pages, api.FPDF_GetPageCount(document)) }, (_, index) => textOf(index))
  await writeFile(join(outDir, outputName(text)), all.join('\f'))
}

/** Renders a page once at the largest size, and makes the smaller ones from it. */
async function writePage(index: number, ofPage: PlannedPage[]): Promise<void> {
  const largest = ofPage.toSorted((a, b) => b.width * b.height - a.width * a.height)[0]
  if (!largest) return
  const { width, height } = largest
  const raw = { width, height, channels: 3 } as const
  const pixels = render(api, index, width, height)
  for (const variant of ofPage) {
    const image = sharp(pixels, { raw })
    const sized = variant === largest ? image : image.resize(variant.width, variant.height, { fit: 'cover' })
    await sized.toFormat(variant.format, encoderOptions(variant)).toFile(join(outDir, outputName(variant)))
  }
}

function render(api: WrappedPdfiumModule, index: number, width: number, height: number): Buffer {
  const page = api.FPDF_LoadPage(document, index)
  const stride = width * 3
  const data = memory.wasmExports.malloc(stride * height)
  const bitmap = api.FPDFBitmap_CreateEx(width, height, FORMAT_BGR, data, stride)
  api.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff)
  api.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, RENDER_ANNOTATIONS | RGB_ORDER)
  const pixels = Buffer.from(memory.HEAPU8.subarray(data, data + stride * height))
  api.FPDFBitmap_Destroy(bitmap)
  api.FPDF_ClosePage(page)
  return pixels
}

function textOf(index: number): string {
  const page = api.FPDF_LoadPage(document, index)
  const text = api.FPDFText_LoadPage(page)
  const count = api.FPDFText_CountChars(text)
  const pointer = memory.wasmExports.malloc((count + 1) * 4)
  const units = api.FPDFText_GetText(text, 0, count, pointer)
  const read = new TextDecoder('utf-16le').decode(memory.HEAPU8.subarray(pointer, pointer + (units - 1) * 2))
  api.FPDFText_ClosePage(text)
  api.FPDF_ClosePage(page)
  return read
}
