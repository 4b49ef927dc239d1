'use strict';
// Runs programs for as long as its standard input is open, which is as long as the process that started it lives: however that one ends, its
// programs end too. Plain JavaScript, as nothing is there to compile it.
//
// Usage: node keeper-process.js FOLDER
// A line of standard input starts a program: {name, command, args, cwd, env}; its output goes to FOLDER/log/NAME.log. A line of standard
// output tells that one has ended: {name, how}. At the end of standard input all are killed, and FOLDER is removed.
const { spawn } = require('node:child_process');
const { mkdirSync, openSync, closeSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { createInterface } = require('node:readline');

const [folder] = process.argv.slice(2);
const running = new Set();
let isStopping = false;

mkdirSync(join(folder, 'log'), { recursive: true });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
process.stdout.on('error', () => undefined);
createInterface({ input: process.stdin })
  .on('line', (line) => start(JSON.parse(line)))
  .on('close', stop);

function start({ name, command, args, cwd = folder, env = {} }) {
  if (isStopping) return;
  const log = openSync(join(folder, 'log', `${name}.log`), 'a');
  // Each program leads a process group of its own, so that what it starts ends with it.
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  running.add(child);
  const ended = (how) => {
    if (running.delete(child)) process.stdout.write(`${JSON.stringify({ name, how })}\n`);
    if (isStopping) finish();
  };
  child.on('error', ({ message }) => ended(message));
  child.on('exit', (code, signal) => ended(signal === null ? `exit code ${code}` : `signal ${signal}`));
}

function stop() {
  if (isStopping) return;
  isStopping = true;
  // Nothing of what they hold is to be kept, so nobody is asked to end.
  for (const { pid } of running) if (pid !== undefined) kill(-pid);
  finish();
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function finish() {
  if (running.size > 0) return;
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  process.exit(0);
}
