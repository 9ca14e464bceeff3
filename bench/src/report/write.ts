import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, extname } from 'node:path'
import type { Results } from '../results.ts'
import { chartSvg } from './chart.ts'

/** Writes the figures and, beside them, the chart. @returns the files */
export async function writeResults(results: Results, jsonFile: string): Promise<string[]> {
  const svgFile = `${jsonFile.slice(0, jsonFile.length - extname(jsonFile).length)}.svg`
  await mkdir(dirname(jsonFile), { recursive: true })
  await writeFile(jsonFile, `${JSON.stringify(results, null, 2)}\n`)
  await writeFile(svgFile, chartSvg(results))
  return [jsonFile, svgFile]
}
