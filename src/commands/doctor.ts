import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { istanbulDay } from '../calendar/istanbul-day.js';
import { loadConfig } from '../config/load-config.js';
import type { BridgeConfig } from '../config/schema.js';
import { feeClassAhead, standingOf } from '../fees/agreement/agreement.js';
import { kpsSettingsOf } from '../house/kps-settings.js';
import { attachStorage } from '../house/open-storage.js';
import { type Command, configPath, EXIT, parseCommand } from './command.js';
import { type Finding, findingOf } from './finding.js';
import { lookAtAuthority } from './look-at-authority.js';
import { lookAtEndpoint } from './look-at-endpoint.js';
import { lookAtFees } from './look-at-fees.js';
import { lookAtLog } from './look-at-log.js';
import { lookAtMersis } from './look-at-mersis.js';
import { lookAtRights } from './look-at-rights.js';
import { lookAtSignIn } from './look-at-sign-in.js';
import { recordUse } from './record-use.js';

const DAY_MS = 86_400_000;
/** A certificate from a public CA takes weeks of letters here. */
const WARN_DAYS = 30;
const SERVICE_CERTIFICATE = 'service certificate';
const WEB_CERTIFICATE = 'web certificate';

/** `bridge doctor`: tries every outside connection. Asks nothing about any person; MERSİS about one cooperative that is polled anyway. */
export const doctorCommand: Command = {
  usage: 'doctor [--json]',
  summary: 'try every outside connection and say what is wrong',
  run: async (args, terminal) => {
    const { values } = parseCommand(doctorCommand, args, {}, 0);
    const config = await loadConfig({ path: configPath(terminal.env), env: terminal.env });
    await recordUse(terminal, config, 'doctor');
    const findings = [
      ...config.warnings.map((text): Finding => ({ name: 'settings', ok: true, text })),
      ...(await lookAtDatabase(config)),
      await findingOf('sts', async () => lookAtEndpoint('sts', (await kpsSettingsOf(config)).sts)),
      await findingOf('kps', async () => lookAtEndpoint('kps', (await kpsSettingsOf(config)).routing)),
      ...(await lookAtSignIn(config)),
      ...(await Promise.all(
        config.audit.timestamps.authorities.map((one) =>
          findingOf(`time stamps of ${one.id}`, () => lookAtAuthority(one)),
        ),
      )),
      await findingOf(SERVICE_CERTIFICATE, () =>
        lookAtCertificate(SERVICE_CERTIFICATE, config.listeners.service.certificate),
      ),
      await findingOf(WEB_CERTIFICATE, () =>
        lookAtCertificate(WEB_CERTIFICATE, config.listeners.web.certificate),
      ),
      ...config.accounts.map((account) => lookAtAgreement(account, config.fees.renewalNoticeDays)),
    ];
    if (values.json) terminal.out(JSON.stringify(findings));
    else for (const { name, ok, text } of findings) terminal.out(`${ok ? 'ok  ' : 'FAIL'} ${name}: ${text}`);
    return findings.every((finding) => finding.ok) ? EXIT.ok : EXIT.failed;
  },
};

/** The database, and what stands in it where it can be reached. */
async function lookAtDatabase(config: BridgeConfig): Promise<readonly Finding[]> {
  let within: readonly Finding[] | null = null;
  const database = await findingOf('database', async () => {
    const db = await attachStorage(config);
    try {
      within = [
        ...(await lookAtLog(config, db)),
        ...(await lookAtRights(config, db)),
        ...(await lookAtMersis(config, db)),
        ...(await lookAtFees(config, db)),
      ];
    } finally {
      await db.close();
    }
    return { name: 'database', ok: true, text: 'reachable, durable, schema current, log append-only' };
  });
  return [database, ...(within ?? (await lookAtMersis(config, null)))];
}

async function lookAtCertificate(name: string, file: string): Promise<Finding> {
  const certificate = new X509Certificate(await readFile(file));
  const days = Math.floor((new Date(certificate.validTo).getTime() - Date.now()) / DAY_MS);
  if (days < 0) return { name, ok: false, text: 'has expired: renew it' };
  return { name, ok: true, text: `${days} days left${days < WARN_DAYS ? ': renew it now' : ''}` };
}

function lookAtAgreement(account: BridgeConfig['accounts'][number], noticeDays: number): Finding {
  const { agreement, id, staticIp } = account;
  const name = `agreement of ${id}`;
  const today = istanbulDay(new Date());
  const { daysLeft, state } = standingOf(agreement, today, noticeDays);
  if (state === 'not-yet')
    return { name, ok: false, text: `begins on ${agreement.validFrom}: until then every check is refused` };
  if (state === 'ended')
    return { name, ok: false, text: `ended on ${agreement.validUntil}: renew the protocol with NVİ` };
  const renew = state === 'renew-soon' ? ': renew it now' : '';
  const changes = feeClassAhead(account, today).coming.map((one) => `; ${one.feeClass} from ${one.from}`);
  return {
    name,
    ok: true,
    text: `in force until ${agreement.validUntil} (${daysLeft} days)${renew}; declared address ${staticIp}${changes.join('')}`,
  };
}
