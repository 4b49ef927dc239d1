// Usage: node app-each.js SESSIONS OUTPUT. Each session has its own App, all in one process.
import { readFileSync } from 'node:fs';
import { synthApp, type GivenSession } from './session-app';

const [list = '', output = ''] = process.argv.slice(2);
for (const session of JSON.parse(readFileSync(list, 'utf8')) as GivenSession[]) synthApp(output, [session]);
