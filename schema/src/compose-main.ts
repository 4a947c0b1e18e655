import { runCompose } from './run-compose.ts'

const { text, problems } = await runCompose(process.argv.slice(2))
process.stdout.write(text)
if (problems.length > 0) {
  const lines = problems.map((problem) => `  ${problem}\n`)
  process.stderr.write(`\nNothing is composed.\n${lines.join('')}\n  npm run compose -- --help says how.\n`)
  process.exitCode = 1
}
