import { createApp } from './app.ts'
import { environments } from './environments.ts'

// `cdk` says where it wants the templates; without it they lie beside the sources.
const outdir = process.env['CDK_OUTDIR'] ?? 'cdk.out'
createApp({ environments, tag: process.env['STOA_TAG'] ?? 'latest', outdir }).synth()
