import { z } from 'zod';
import { certificateFile, host, port, secret, whole } from './fields.js';

const service = z.strictObject({
  host: host()
    .default('127.0.0.1')
    .describe('Loopback, so that nothing is reachable from a network before somebody says so.'),
  port: port().default(8443).describe('The usual port for HTTPS that needs no root.'),
  certificate: certificateFile().describe(
    'Server certificate with its chain, PEM. No default: it names this installation.',
  ),
  key: secret('private-key').describe('Private key of the server certificate, PEM.'),
  clientCa: certificateFile().describe(
    'The only CAs whose client certificates are looked at, PEM. The system store is not used: any public CA would do otherwise.',
  ),
  maxConnections: whole(1, 100_000)
    .default(1000)
    .describe(
      'A few KOOPBİS servers with pools of connections; above it new connections are closed, so that sockets cannot use up memory.',
    ),
  maxInFlight: whole(1, 100_000)
    .default(256)
    .describe(
      'Requests worked on at once; twice what KPS is asked at once, the rest is told OVERLOADED instead of waiting unseen.',
    ),
  requestTimeoutMs: whole(100, 120_000)
    .default(10_000)
    .describe('Time to receive a whole request; a body is at most a few kilobytes, slower is a slow-loris.'),
  headersTimeoutMs: whole(100, 120_000)
    .default(5000)
    .describe('Time to receive the headers; below requestTimeoutMs, against slow-loris.'),
  keepAliveTimeoutMs: whole(0, 600_000)
    .default(65_000)
    .describe(
      'Longer than the 60 s after which common balancers drop idle connections, so that they close first and no request meets a closing socket.',
    ),
  maxHeaderBytes: whole(1024, 65_536)
    .default(16_384)
    .describe('The default of Node; our headers need less than 4 KiB.'),
  maxBodyBytes: whole(256, 1_048_576)
    .default(16_384)
    .describe('A verification is below 1 KiB; the rest is room for long names and references.'),
  drainMs: whole(0, 300_000)
    .default(20_000)
    .describe(
      'How long a stop waits for requests in flight; longer than limits.answerDeadlineMs, so that every intent gets its outcome.',
    ),
});

const web = z.strictObject({
  host: host()
    .default('127.0.0.1')
    .describe('Loopback, so that nothing is reachable from a network before somebody says so.'),
  port: port().default(8444).describe('Beside the service’s port.'),
  certificate: certificateFile().describe(
    'Server certificate with its chain, PEM. Browsers see it: it should come from a CA that they know.',
  ),
  key: secret('private-key').describe('Private key of the server certificate, PEM.'),
  maxConnections: whole(1, 100_000)
    .default(1000)
    .describe('Above it new connections are closed, so that sockets cannot use up memory.'),
  requestTimeoutMs: whole(100, 120_000)
    .default(10_000)
    .describe('Time to receive a whole request; slower is a slow-loris.'),
});

const ops = z.strictObject({
  host: host()
    .default('127.0.0.1')
    .describe('Plain HTTP without a password: loopback unless a closed network for operations exists.'),
  port: port().default(9464).describe('The port that Prometheus exporters of this kind use.'),
});

/**
 * Where the bridge listens: `service` for KOOPBİS services (mutual TLS), `web` for browsers and for whoever watches the
 * log (never asks for a certificate), `ops` for probes and metrics.
 */
export const listenersSchema = z.strictObject({
  service: service.prefault({} as never),
  web: web.prefault({} as never),
  ops: ops.prefault({}),
});
