import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import type { Environment } from './environment.ts'
import { createFirewalls, type Firewalls } from './firewalls.ts'
import { keptLog } from './logs.ts'

export interface Network {
  readonly vpc: Vpc
  readonly firewalls: Firewalls
}

/** Three kinds of subnet in every zone: the front, what runs (out by NAT only), and data (no way out at all). */
export function createNetwork(scope: Construct, environment: Environment, key: IKey): Network {
  const vpc = new Vpc(scope, 'Vpc', {
    vpcName: `stoa-${environment.name}`,
    ipAddresses: IpAddresses.cidr(environment.cidr),
    availabilityZones: [...environment.zones],
    natGateways: environment.natGateways,
    // Its custom resource needs a Lambda and a wide role; nothing here uses the default group.
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [
      { name: 'front', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
      { name: 'run', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      { name: 'data', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
    ],
  })
  vpc.addFlowLog('Refused', {
    destination: FlowLogDestination.toCloudWatchLogs(keptLog(scope, 'FlowLog', { environment, key })),
    trafficType: FlowLogTrafficType.REJECT,
  })
  const firewalls = createFirewalls(scope, vpc)
  addEndpoints(vpc, firewalls)
  return { vpc, firewalls }
}

/** Tables, archives, queues, events, keys, secrets, logs and images are reached without leaving the network. */
function addEndpoints(vpc: Vpc, { endpoints }: Firewalls): void {
  vpc.addGatewayEndpoint('Dynamodb', { service: GatewayVpcEndpointAwsService.DYNAMODB })
  vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 })
  for (const [id, service] of Object.entries(interfaces))
    vpc.addInterfaceEndpoint(id, {
      service,
      subnets: { subnetGroupName: 'run' },
      securityGroups: [endpoints],
      open: false,
    })
}

const interfaces = {
  DynamodbStreams: new InterfaceVpcEndpointAwsService('dynamodb-streams'),
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrImages: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Events: InterfaceVpcEndpointAwsService.EVENTBRIDGE,
  Kms: InterfaceVpcEndpointAwsService.KMS,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  Secrets: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  Sqs: InterfaceVpcEndpointAwsService.SQS,
}

/** For the cost sheet: each is paid by the hour in every zone. */
export const endpointCount: number = Object.keys(interfaces).length
