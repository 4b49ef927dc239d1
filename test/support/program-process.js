'use strict';
// Runs the built program with each command line that it reads, until its input ends: see program.ts.
const { createReadStream, openSync, writeSync } = require('node:fs');
const { createInterface } = require('node:readline');
const { Readable } = require('node:stream');

const [program, requests, results] = process.argv.slice(2);

function replaceEnvironment(env) {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}

async function runOne(runProgram, { args, cwd, env, input }) {
  const run = { status: 0, stdout: '', stderr: '' };
  process.chdir(cwd);
  replaceEnvironment(env);
  const stdin = Readable.from([Buffer.from(input, 'base64')], { objectMode: false });
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  // A run would mask the secrets of earlier runs.
  globalThis.maskedSecrets.clear();
  process.stdout.write = (text) => ((run.stdout += text), true);
  process.stderr.write = (text) => ((run.stderr += text), true);
  try {
    run.status = await runProgram(args);
  } catch (error) {
    run.status = -1;
    run.stderr += error.stack;
  }
  return run;
}

async function main() {
  const input = openSync(requests, 'r');
  const output = openSync(results, 'w');
  for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);
  const { runProgram } = await import(program);
  for await (const line of createInterface({ input: createReadStream('', { fd: input }) })) {
    const bytes = Buffer.from(`${JSON.stringify(await runOne(runProgram, JSON.parse(line)))}\n`);
    for (let sent = 0; sent < bytes.length;) sent += writeSync(output, bytes, sent);
  }
}

void main().finally(() => process.exit());
