import type { HandlersOf } from '../../frame/router.js';
import { givenBasis, readBasis } from '../evidence/basis-form.js';
import { allRight, notBefore, pastDayOrNone } from '../evidence/typed.js';
import { boundsOf } from './bounds.js';
import { exportPage, NO_EXPORT, type TypedExport } from './export-page.js';
import type { ExportPorts } from './ports.js';

/** Exports of a period: asked for here, made as long work. */
export function createExportHandlers(ports: ExportPorts): HandlersOf<'export' | 'export.make'> {
  return {
    export: async () => ({ kind: 'page', page: exportPage(NO_EXPORT) }),
    'export.make': async ({ at, fields, person: { officer }, requestId }) => {
      const from = pastDayOrNone(fields.get('from'), at);
      const to = notBefore(from, pastDayOrNone(fields.get('to'), at));
      const typed: TypedExport = { from, to, basis: readBasis(fields, at) };
      const given = givenBasis(typed.basis);
      if (given === null || !allRight({ from, to }))
        return { kind: 'page', status: 422, page: exportPage(typed) };
      const days = { from: from.value, to: to.value };
      await ports.recordAsked(officer, { ...given, ...days }, boundsOf(days), requestId);
      const job = await ports.jobs.start(officer, 'log-export', days);
      return { kind: 'see-other', to: `/konsol/isler/${job}`, told: 'job-started' };
    },
  };
}
