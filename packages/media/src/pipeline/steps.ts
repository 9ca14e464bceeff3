/** One named piece of work. It reads the context and what earlier steps made, and returns the one field it is named after. */
export type Step<Context, Results> = {
  [Name in keyof Results & string]: {
    name: Name
    run(context: Readonly<Context>, before: Readonly<Results>): Results[Name] | Promise<Results[Name]>
  }
}[keyof Results & string]

/** Milliseconds that each step took. */
export type Timings = Record<string, number>

/** Runs the steps in their order and returns what they made. Two steps of one name are a bug. */
export async function runSteps<Context, Results extends object>(
  steps: readonly Step<Context, Results>[],
  context: Context,
  timings: Timings,
): Promise<Results> {
  const results: Partial<Results> = {}
  for (const step of steps) {
    if (Object.hasOwn(results, step.name)) throw new Error(`two steps are called ${step.name}`)
    const startedMs = performance.now()
    results[step.name] = await step.run(context, results as Results)
    timings[step.name] = Math.round((performance.now() - startedMs) * 100) / 100
  }
  return results as Results
}
