import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { CodedError } from '../coded-error.js';
import { type ReadinessCheck, readinessOf } from './readiness.js';

export interface OperatorServerOptions {
  /** The address to listen at; as the port, 0 stands for any that is free. */
  readonly host: string;
  readonly port: number;
  readonly registry: Registry;
  readonly checks: readonly ReadinessCheck[];
}

/** The HTTP server for operators and their tools. */
export interface OperatorServer {
  /** The origin that the server answers at, such as `http://127.0.0.1:9464`. */
  readonly origin: string;
  close(): Promise<void>;
}

type Answer = (response: ServerResponse) => Promise<void> | void;

/** Time limit for receiving a request: nobody who belongs here is slower. */
const requestTimeoutMs = 10_000;

/**
 * Starts the server, which answers `/healthz` (the process lives), `/readyz` (all checks are well; what each says, as
 * JSON) and `/metrics` (for Prometheus). It tells no secrets and changes nothing, but it is for operators: it should
 * not face the internet.
 * @throws CodedError `config/cannot-listen` where it can't listen at that address and port.
 */
export async function startOperatorServer(options: OperatorServerOptions): Promise<OperatorServer> {
  const { host, port, registry, checks } = options;
  const answers: Readonly<Record<string, Answer>> = {
    '/healthz': (response) => sendJson(response, 200, { healthy: true, uptimeSeconds: Math.round(process.uptime()) }),
    '/readyz': async (response) => {
      const readiness = await readinessOf(checks);
      sendJson(response, readiness.ready ? 200 : 503, readiness);
    },
    '/metrics': async (response) => send(response, 200, registry.contentType, await registry.metrics()),
  };
  const server = createServer(
    { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs },
    (request, response) => {
      const path = request.url?.split('?', 1)[0] ?? '';
      const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
      if (answer === undefined) return sendJson(response, 404, { paths: Object.keys(answers) });
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('allow', 'GET, HEAD');
        return sendJson(response, 405, {});
      }
      Promise.resolve(answer(response)).catch(() =>
        response.headersSent ? response.destroy() : sendJson(response, 500, {}),
      );
    },
  );
  await listen(server, host, port);
  const { address, family, port: taken } = server.address() as AddressInfo;
  return {
    origin: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const message = `METRICS_HOST and METRICS_PORT: nothing can listen at ${host}, port ${port}: ${error.message}.`;
      const remedy = 'Choose another port, or leave METRICS_PORT empty.';
      reject(new CodedError('config', 'cannot-listen', `${message} ${remedy}`, { cause: error }));
    });
    server.listen({ host, port, exclusive: true }, resolve);
  });
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  send(response, status, 'application/json; charset=utf-8', `${JSON.stringify(value)}\n`);
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  // Node leaves the body out of an answer to HEAD.
  response.end(body);
}
