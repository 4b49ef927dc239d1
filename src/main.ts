import { runProgram } from './cli/program';

/** The cdk8s app of this repository: what `cdk8s synth` runs by the app line of cdk8s.yaml. */
void runProgram(['app']).then((code) => {
  process.exitCode = code;
});
