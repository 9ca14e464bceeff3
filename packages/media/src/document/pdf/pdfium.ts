import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium'
import { MediaFault } from '../../fault.ts'

/** The renderer's memory. `HEAPU8` is another array after every growth, so it is never kept. */
export interface PdfiumMemory {
  readonly HEAPU8: Uint8Array<ArrayBuffer>
  wasmExports: { malloc(bytes: number): number; free(pointer: number): void }
  addFunction(callback: (...args: number[]) => number, signature: string): number
}

export interface Pdfium {
  api: WrappedPdfiumModule
  memory: PdfiumMemory
  /**
   * Runs calls of the renderer.
   * @throws MediaFault CORRUPT_FILE, RESOURCE_LIMIT when it traps; it answers nothing else from then on
   */
  run<T>(calls: () => T): T
}

/** Immutable and the dearest part of starting, so a process that probes and then renders compiles once. */
let compiled: Promise<WebAssembly.Module> | undefined

async function compile(): Promise<WebAssembly.Module> {
  const file = createRequire(import.meta.url).resolve('@embedpdf/pdfium/pdfium.wasm')
  return await WebAssembly.compile(await readFile(file))
}

interface Heap {
  maxBytes: number
  /** It was asked for more than that. */
  isExhausted: boolean
}

/** Starts a renderer with a memory of its own, gone with the document. It has no form environment, so no script or action runs. */
export async function startPdfium(maxHeapBytes: number): Promise<Pdfium> {
  compiled ??= compile()
  const heap: Heap = { maxBytes: maxHeapBytes, isExhausted: false }
  const api = await init(overrides(await compiled, heap) as Parameters<typeof init>[0])
  api.PDFiumExt_Init()
  return { api, memory: api.pdfium as unknown as PdfiumMemory, run: guarded(heap) }
}

type Imports = Record<'env' | 'wasi_snapshot_preview1', Record<string, WebAssembly.ImportValue>>
type Grow = (bytes: number) => number

const overrides = (module: WebAssembly.Module, heap: Heap) => ({
  print: () => undefined,
  printErr: () => undefined,
  instantiateWasm(imports: Imports, done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void) {
    const { emscripten_resize_heap } = imports.env
    const env = { ...imports.env, emscripten_resize_heap: limited(emscripten_resize_heap as unknown as Grow, heap) }
    void WebAssembly.instantiate(module, { ...imports, env }).then(instance => done(instance, module))
    return {}
  },
})

/**
 * Limits the growth of the heap: an error with a code, before the parent sees too much memory and kills the process.
 */
const limited =
  (grow: Grow, heap: Heap): Grow =>
  bytes => {
    if (bytes >>> 0 <= heap.maxBytes) return grow(bytes)
    heap.isExhausted = true
    return 0
  }

function guarded(heap: Heap): Pdfium['run'] {
  let broken: MediaFault | undefined
  return calls => {
    if (broken) throw broken
    heap.isExhausted = false
    try {
      const result = calls()
      if (!heap.isExhausted) return result
    } catch (error) {
      if (isTrap(error)) broken = heap.isExhausted ? tooMuchMemory() : gaveUp(error)
      if (!heap.isExhausted) throw broken ?? error
    }
    throw tooMuchMemory()
  }
}

const tooMuchMemory = () => new MediaFault('RESOURCE_LIMIT', 'The document needs more memory than allowed')
const gaveUp = (cause: unknown) => new MediaFault('CORRUPT_FILE', 'The renderer failed on the document', { cause })

/** Tells whether an error is a trap of WebAssembly: `abort()`, memory out of bounds, or endless recursion. */
const isTrap = (error: unknown): boolean => error instanceof WebAssembly.RuntimeError || error instanceof RangeError
