import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:tls';
import { loadConfig } from '../config/load-config.js';
import type { BridgeConfig } from '../config/schema.js';
import { isBridgeError } from '../errors/bridge-error.js';
import type { EndpointSettings } from '../kps/settings.js';
import { tlsOptions } from '../kps/tls.js';
import { kpsSettingsOf } from '../kps-settings.js';
import { attachStorage } from '../open-storage.js';
import { type Command, configPath, EXIT, parseCommand } from './command.js';

/** What one look found: in one line what is wrong, and what to do. */
interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
}

const CONNECT_MS = 5000;
const DAY_MS = 86_400_000;
/** A certificate from a public CA takes weeks of letters here. */
const WARN_DAYS = 30;

/** `bridge doctor`: tries every outside connection. Asks nothing about any person. */
export const doctorCommand: Command = {
  usage: 'doctor [--json]',
  summary: 'try every outside connection and say what is wrong',
  run: async (args, terminal) => {
    const { values } = parseCommand(doctorCommand, args, {}, 0);
    const config = await loadConfig({ path: configPath(terminal.env), env: terminal.env });
    const kps = await kpsSettingsOf(config);
    const findings = [
      ...config.warnings.map((text): Finding => ({ name: 'settings', ok: true, text })),
      await lookAtDatabase(config),
      await lookAtEndpoint('sts', kps.sts),
      await lookAtEndpoint('kps', kps.routing),
      await lookAtCertificate('service certificate', config.listeners.service.certificate),
      ...config.accounts.map((account) => lookAtAgreement(account)),
      ...config.fees.tariff.filter((row) => !row.active).map((row) => lookAtTariff(row)),
    ];
    if (values.json) terminal.out(JSON.stringify(findings));
    else for (const { name, ok, text } of findings) terminal.out(`${ok ? 'ok  ' : 'FAIL'} ${name}: ${text}`);
    return findings.every((finding) => finding.ok) ? EXIT.ok : EXIT.failed;
  },
};

async function lookAtDatabase(config: BridgeConfig): Promise<Finding> {
  try {
    const db = await attachStorage(config);
    await db.close();
    return { name: 'database', ok: true, text: 'reachable, durable, schema current, log append-only' };
  } catch (error) {
    const text = isBridgeError(error) ? `${error.code}: ${error.message}` : 'cannot be used';
    return { name: 'database', ok: false, text };
  }
}

function lookAtEndpoint(name: string, endpoint: EndpointSettings): Promise<Finding> {
  const { hostname, port } = new URL(endpoint.url);
  return new Promise((resolve) => {
    const socket = connect({
      ...tlsOptions(endpoint, endpoint.mutualTls),
      host: endpoint.connectAddress ?? hostname,
      port: Number(port || 443),
      servername: endpoint.servername ?? hostname,
      ...(endpoint.localAddress === undefined ? {} : { localAddress: endpoint.localAddress }),
      timeout: CONNECT_MS,
    });
    const end = (ok: boolean, text: string) => {
      socket.destroy();
      resolve({ name, ok, text });
    };
    socket.once('secureConnect', () => end(true, `TLS handshake done (${socket.getProtocol()})`));
    socket.once('timeout', () =>
      end(false, 'no answer: is our address declared at NVİ, is a firewall in between?'),
    );
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(
        false,
        `${error.code ?? 'handshake failed'}: is our address declared at NVİ, are certificate and CA right?`,
      ),
    );
  });
}

async function lookAtCertificate(name: string, file: string): Promise<Finding> {
  const certificate = new X509Certificate(await readFile(file));
  const days = Math.floor((new Date(certificate.validTo).getTime() - Date.now()) / DAY_MS);
  if (days < 0) return { name, ok: false, text: 'has expired: renew it' };
  return { name, ok: true, text: `${days} days left${days < WARN_DAYS ? ': renew it now' : ''}` };
}

function lookAtAgreement({ id, agreement }: BridgeConfig['accounts'][number]): Finding {
  const days = Math.floor((new Date(`${agreement.validUntil}T21:00:00Z`).getTime() - Date.now()) / DAY_MS);
  const name = `agreement of ${id}`;
  if (days < 0)
    return { name, ok: false, text: `ended on ${agreement.validUntil}: renew the protocol with NVİ` };
  return { name, ok: true, text: `in force until ${agreement.validUntil} (${days} days)` };
}

function lookAtTariff(row: BridgeConfig['fees']['tariff'][number]): Finding {
  const text = `${row.amountKurus} kuruş ${row.basis} from ${row.from} (${row.gazette}) is loaded, not active`;
  return { name: 'tariff', ok: true, text };
}
