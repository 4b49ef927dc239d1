import { ConfigError, readConfig } from './config';
import { logTo } from './log';
import { TerminalServer } from './server';

/** Time after SIGTERM. Kubernetes waits 30 s by default. */
const EXIT_MS = 5000;

const log = logTo(process.stdout);

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const server = new TerminalServer(config, __dirname, log);
  const port = await server.start();
  log('started', { session: config.sessionId, vm: config.vm.host, port });
  let isStopping = false;
  const stop = (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    log('stopping', { signal });
    setTimeout(() => process.exit(0), EXIT_MS).unref();
    void server.stop().then(() => {
      log('stopped');
      process.exit(0);
    });
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
}

main().catch((error: unknown) => {
  const problem = error instanceof ConfigError ? error.message : String(error);
  log('failed', { problem });
  process.exitCode = 1;
});
