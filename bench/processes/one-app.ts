// Usage: node one-app.js SESSIONS OUTPUT. All sessions share one cdk8s App.
import { readFileSync } from 'node:fs';
import { synthApp, type GivenSession } from './session-app';

const [list = '', output = ''] = process.argv.slice(2);
synthApp(output, JSON.parse(readFileSync(list, 'utf8')) as GivenSession[]);
