import { join } from 'node:path';
import type { Program } from './keeper';

/** Serves the bare Git repositories of a folder over HTTP on the loopback interface: `http://127.0.0.1:PORT/NAME.git`. */
export const gitServer = (folder: string, port: number): Program => ({
  name: 'git-server',
  command: process.execPath,
  args: [join(__dirname, 'git-server-process.js'), folder, String(port)],
});
