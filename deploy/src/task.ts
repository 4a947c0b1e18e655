import { Duration } from 'aws-cdk-lib'
import type { IRepository } from 'aws-cdk-lib/aws-ecr'
import {
  Capability,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
  Secret as TaskSecret,
} from 'aws-cdk-lib/aws-ecs'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { LogGroup } from 'aws-cdk-lib/aws-logs'
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { Environment, ServiceSize } from './environment.ts'

export interface TaskParts {
  readonly environment: Environment
  readonly image: IRepository
  readonly tag: string
  /** `gateway`, `lake`, or a subgraph: what the image is told to be. */
  readonly role: string
  /** Another program of the image than the services'. */
  readonly command?: readonly string[]
  readonly size: ServiceSize
  /** Where it says that it is well; absent: it does its work and ends. */
  readonly port?: number
  readonly key: IKey
  readonly log: LogGroup
  readonly variables: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, ISecret>>
}

/** The one image in one of its roles: no root, nothing writable but /tmp, no capabilities. */
export function createTask(scope: Construct, parts: TaskParts): FargateTaskDefinition {
  const { environment, role, size, port } = parts
  const address: Record<string, string> =
    port === undefined ? {} : { STOA_HOST: '0.0.0.0', STOA_PORT: String(port) }
  const task = new FargateTaskDefinition(scope, `${role}-task`, {
    family: `stoa-${environment.name}-${role}`,
    cpu: size.cpu,
    memoryLimitMiB: size.memoryMiB,
    runtimePlatform: {
      cpuArchitecture: CpuArchitecture.X86_64,
      operatingSystemFamily: OperatingSystemFamily.LINUX,
    },
    taskRole: new Role(scope, `${role}-role`, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }),
    volumes: [{ name: 'tmp' }],
  })
  const container = task.addContainer(role, {
    image: ContainerImage.fromEcrRepository(parts.image, parts.tag),
    command: [...(parts.command ?? ['node', 'app/src/service-main.ts', role])],
    environment: { ...parts.variables, ...address, NODE_ENV: 'production' },
    secrets: borrowedSecrets(scope, parts),
    logging: LogDrivers.awsLogs({ logGroup: parts.log, streamPrefix: role }),
    user: USER,
    readonlyRootFilesystem: true,
    linuxParameters: hardened(scope, role),
    ...(port === undefined ? {} : listening(port)),
    stopTimeout: Duration.seconds(30),
  })
  container.addMountPoints({ sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false })
  return task
}

function listening(port: number) {
  return {
    portMappings: [{ name: 'http', containerPort: port }],
    healthCheck: {
      command: ['CMD', 'node', 'deploy/src/image/health-main.ts', String(port)],
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      retries: 3,
      startPeriod: Duration.seconds(60),
    },
  }
}

/** As the Dockerfile makes it. */
const USER = '10001:10001'

/** By reference, as somebody else's: what starts the task may read them, the task itself need not. */
function borrowedSecrets(scope: Construct, { role, secrets, key }: TaskParts): Record<string, TaskSecret> {
  const borrowed = Object.entries(secrets).map(([name, { secretArn }]) => {
    const attributes = { secretCompleteArn: secretArn, encryptionKey: key }
    const secret = Secret.fromSecretAttributes(scope, `${role}-${name}`, attributes)
    return [name, TaskSecret.fromSecretsManager(secret)] as const
  })
  return Object.fromEntries(borrowed)
}

function hardened(scope: Construct, role: string): LinuxParameters {
  const parameters = new LinuxParameters(scope, `${role}-linux`, { initProcessEnabled: true })
  parameters.dropCapabilities(Capability.ALL)
  return parameters
}
