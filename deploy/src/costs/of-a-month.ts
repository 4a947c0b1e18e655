import type { Environment, GraphSize, ServiceSize } from '../environment.ts'
import { allConsumers, subgraphNames } from '../names.ts'
import { endpointCount } from '../network.ts'
import { assumptions } from './assumptions.ts'
import { type CostLine, costLine } from './cost-line.ts'
import { reactionsOfAMonth } from './of-reactions.ts'
import { instancePrices, type Price, postgresUnitPrice, prices } from './prices.ts'

/** What an environment costs in a month in which nobody buys anything, at its smallest. */
export function costOfAMonth(environment: Environment): readonly CostLine[] {
  const hours = assumptions.hoursAMonth
  const sizes = runningSizes(environment)
  const cores = sizes.reduce((sum, { cpu }) => sum + cpu / 1024, 0)
  const gigabytes = sizes.reduce((sum, { memoryMiB }) => sum + memoryMiB / 1024, 0)
  return [
    costLine('Fargate, cores', cores * hours, prices.core),
    costLine('Fargate, memory', gigabytes * hours, prices.memory),
    costLine('Load balancers', 2 * hours, prices.balancer),
    costLine('NAT gateways', environment.natGateways * hours, prices.nat),
    costLine('Endpoints in the network', endpointCount * environment.zones.length * hours, prices.endpoint),
    graphLine(environment.graph, hours),
    costLine('Valkey', environment.cache.nodes * hours, hourly(environment.cache.nodeType)),
    costLine(
      'Change feeds, read four times a second',
      (assumptions.streamReadsAnHour * hours) / 1e6,
      prices.streamRead,
    ),
    costLine('Lake, compacted every night, cores', compactionHours(environment), prices.core),
    costLine('Lake, objects written', (assumptions.lakeObjectsAnHour * hours) / 1e6, prices.objectWrite),
    costLine('Alarms', alarmCount + alarmsAFunction * functions(environment), prices.alarm),
    ...optionalLines(environment, hours),
  ]
}

/** Two a consumer, five a subgraph, four of the lake, and a few of all. */
const alarmCount = 2 * allConsumers.length + 5 * subgraphNames.length + 4 + 9
/** Of each function: failing, throttled, gone, and faults in its log. */
const alarmsAFunction = 4

function runningSizes({ gateway, subgraphs, lake }: Environment): readonly ServiceSize[] {
  const gateways = Array.from({ length: gateway.fewest }, () => gateway)
  return [...gateways, ...subgraphNames.map((name) => subgraphs[name] ?? subgraphs.usual), lake]
}

function compactionHours({ lake }: Environment): number {
  return (lake.cpu / 1024) * (assumptions.compactionMinutesANight / 60) * (assumptions.hoursAMonth / 24)
}

function graphLine({ instanceClass, instances, serverless }: GraphSize, hours: number): CostLine {
  if (serverless) return costLine('Neptune', instances * serverless.least * hours, prices.graphUnit)
  return costLine('Neptune', instances * hours, hourly(instanceClass))
}

function functions({ reactionsOnLambda }: Environment): number {
  return reactionsOnLambda?.of.length ?? 0
}

function optionalLines(
  { postgres, kafka, reactionsOnLambda }: Environment,
  hours: number,
): readonly CostLine[] {
  return [
    ...(reactionsOnLambda ? reactionsOfAMonth(reactionsOnLambda) : []),
    ...(postgres
      ? [
          costLine(
            'Aurora PostgreSQL',
            (1 + postgres.readers) * postgres.leastUnits * hours,
            postgresUnitPrice,
          ),
        ]
      : []),
    ...(kafka ? [costLine('MSK', kafka.brokers * hours, hourly(kafka.instanceType))] : []),
  ]
}

/** Throws when an environment names a size whose price nobody wrote down. */
function hourly(instance: string): Price {
  const dollars = instancePrices[instance]
  if (dollars === undefined)
    throw new TypeError(`There is no price of ${instance} in costs/prices.ts. Add it.`)
  return { dollars, per: `${instance} and hour` }
}
