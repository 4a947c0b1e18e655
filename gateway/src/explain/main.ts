import { runExplain } from './run-explain.ts'

const told = await runExplain(process.argv.slice(2))
if (told.ok) process.stdout.write(told.value)
else {
  const lines = told.error.map((problem) => `  ${problem.replaceAll('\n', '\n  ')}\n`)
  process.stderr.write(`\nNothing is explained.\n${lines.join('')}\n`)
  process.stderr.write('  npm run explain -- --help lists the options.\n')
  process.exitCode = 1
}
