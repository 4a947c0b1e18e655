import { serveCommands } from './command.ts'
import { type LoadOrder, runLoad } from './load.ts'

serveCommands({
  // The parent is the only one who writes here, and it writes orders.
  run: (order) => runLoad(order as LoadOrder),
})
