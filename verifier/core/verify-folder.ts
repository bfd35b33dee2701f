import type { Environment, Trust } from './environment.js';
import { listFiles } from './files.js';
import { type Check, Checks, fail, type VerifyReport } from './report.js';
import { verifyEvidence } from './verify-evidence.js';
import { verifyExport } from './verify-export.js';

/**
 * Checks an export folder or an evidence folder. Never rejects: whatever goes wrong is a failed check, and the first one
 * is the last. `onCheck` hears of each check as it is made.
 */
export function verifyFolder(
  environment: Environment,
  trust: Trust,
  onCheck: (check: Check) => void = () => undefined,
): Promise<VerifyReport> {
  const checks = new Checks(onCheck);
  return checks.report(async () => {
    const files = await listFiles(environment);
    const isExport = files.has('export.json');
    if (isExport === files.has('evidence.json')) {
      fail(
        'Bu klasör ne bir dışa aktarım (export.json) ne de bir delil klasörü (evidence.json).',
        'This folder is neither an export (export.json) nor a folder of evidence (evidence.json).',
        isExport ? 'both files are there' : 'choose the folder that holds one of them',
      );
    }
    checks.kind = isExport ? 'export' : 'evidence';
    if (isExport) await verifyExport(environment, trust, files, checks);
    else await verifyEvidence(environment, trust, files, checks);
  });
}
