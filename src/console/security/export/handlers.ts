import type { HandlersOf } from '../../frame/router.js';
import { startOrTell } from '../../jobs/too-much-waits.js';
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
      const bounds = boundsOf(days);
      if (!(await ports.holdsEntries(bounds, at)))
        return { kind: 'page', status: 422, page: exportPage(withoutEntries(typed)) };
      await ports.recordAsked(officer, { ...given, ...days }, bounds, requestId);
      return startOrTell(
        () => ports.jobs.start(officer, 'log-export', days),
        () => exportPage(typed),
      );
    },
  };
}

/** A period in which nothing was written is wrong where its days were typed. */
function withoutEntries(typed: TypedExport): TypedExport {
  const error = { tr: 'Bu dönemde kayıt yok.', en: 'No entry stands in this period.' };
  return typed.to.text === ''
    ? { ...typed, from: { ...typed.from, error } }
    : { ...typed, to: { ...typed.to, error } };
}
