import { ArnFormat, Duration, Stack } from 'aws-cdk-lib'
import { type IRepository, Repository } from 'aws-cdk-lib/aws-ecr'
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { DockerImageCode, DockerImageFunction, type IFunction } from 'aws-cdk-lib/aws-lambda'
import type { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'
import { queuesOf } from './queues.ts'
import { hearRights, keyRight, listenRights, may, recordRights } from './rights.ts'
import { commonVariables, type ServiceParts, vendorVariables } from './service-parts.ts'
import { FUNCTION_SECONDS, wake } from './wake.ts'

export interface ReactionsParts extends ServiceParts {
  readonly log: LogGroup
}

export function isOnLambda(subgraph: string, { reactionsOnLambda }: Environment): boolean {
  return reactionsOnLambda?.of.some((name) => name === subgraph) ?? false
}

/**
 * The reactions of one subgraph as a function of the same image, one at a time: it takes its events from the bus as a
 * task would, under the same leases. What wakes it says only that there is something. Decision 15 says why.
 */
export function createReactions(scope: Construct, name: string, parts: ReactionsParts): IFunction {
  const { environment, firewalls, tag, vpc } = parts
  const code = DockerImageCode.fromEcr(borrowed(scope, name, parts), {
    tagOrDigest: tag,
    // By its path: what Lambda makes of the image's PATH is not said.
    entrypoint: ['/app/node_modules/.bin/node', 'app/src/service-main.ts'],
    cmd: ['reactions', name],
    workingDirectory: '/app',
  })
  const reaction = new DockerImageFunction(scope, `reactions-${name}`, {
    code,
    functionName: functionName(environment, name),
    description: `What ${name} does when something is told.`,
    role: createRole(scope, name, parts),
    memorySize: environment.reactionsOnLambda?.memoryMiB ?? 1024,
    timeout: Duration.seconds(FUNCTION_SECONDS),
    reservedConcurrentExecutions: 1,
    environment: { ...variables(scope, parts) },
    logGroup: parts.log,
    vpc,
    vpcSubnets: { subnetGroupName: 'run' },
    securityGroups: [firewalls.subgraphs],
    // The schedule rings again in a minute.
    retryAttempts: 0,
    maxEventAge: Duration.minutes(1),
  })
  wake(scope, name, { ...parts, reaction })
  return reaction
}

function functionName({ name }: Environment, subgraph: string): string {
  return `stoa-${name}-reactions-${subgraph}`
}

/** By its name, as the function itself is made after its rights. */
function functionArn(scope: Construct, environment: Environment, subgraph: string): string {
  return Stack.of(scope).formatArn({
    ...{ service: 'lambda', resource: 'function', resourceName: functionName(environment, subgraph) },
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
}

/** Lambda itself fetches the image, for these functions and for nobody else's. */
export function letFunctionsPull(image: Repository, environment: Environment): void {
  image.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('lambda.amazonaws.com')],
      actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      conditions: { ArnLike: { 'aws:SourceArn': functionArn(image, environment, '*') } },
    }),
  )
}

/** As somebody else's: CDK would let the functions of the whole world pull it. */
function borrowed(scope: Construct, name: string, { image }: ReactionsParts): IRepository {
  const { repositoryArn, repositoryName } = image
  const id = `${name}-reactions-image`
  return Repository.fromRepositoryAttributes(scope, id, { repositoryArn, repositoryName })
}

/** Lambda says the region and who we are itself. */
function variables(scope: Construct, parts: ReactionsParts): Record<string, string> {
  const { AWS_REGION: _said, ...common } = commonVariables(scope, parts)
  return { ...common, ...vendorVariables(parts), NODE_ENV: 'production' }
}

function createRole(scope: Construct, name: string, parts: ReactionsParts): Role {
  const { tables, queues, bus, key, log } = parts
  const role = new Role(scope, `${name}-reactions-role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  })
  const own = tables[name]
  const rights = [
    ...(own ? recordRights(own) : []),
    ...hearRights(bus),
    ...listenRights(queuesOf(queues, name)),
    keyRight(key, ['dynamodb', 'sqs', 'events']),
    may(['logs:CreateLogStream', 'logs:PutLogEvents'], [`${log.logGroupArn}`]),
    ...networkRights(scope, name, parts),
  ]
  for (const right of rights) role.addToPolicy(right)
  return role
}

/** Lambda puts the function into the network with the function's own rights, which know no narrower resource. */
const NETWORK = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
] as const

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html: not for the code that runs in it. */
function networkRights(
  scope: Construct,
  name: string,
  { environment }: ReactionsParts,
): readonly PolicyStatement[] {
  const withheld = new PolicyStatement({
    effect: Effect.DENY,
    actions: [...NETWORK],
    resources: ['*'],
    conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn(scope, environment, name) } },
  })
  return [may(NETWORK, ['*']), withheld]
}
